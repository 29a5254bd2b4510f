import type { Kind } from "./kinds.ts";

/** One model that is to be served: where it is, and under which name. */
export interface ModelReference {
  /** `undefined`: the name that the archive gives. */
  readonly name: string | undefined;
  /** A path, url or name, as `--models` and `url` take it. */
  readonly url: string;
}

/** Which models are served from the start: those named, or the whole store. */
export type ModelSelection = "ALL" | readonly ModelReference[];

/** Returns the kind of `ALL`, or of a comma list of `[name=]url`. */
export function modelSelection(): Kind<ModelSelection> {
  return {
    placeholder: "MODEL",
    rule: "ALL or a comma list of [name=]url",
    parse: parseSelection,
    show: (value) =>
      value === "ALL" ? value : value.map(formatReference).join(","),
  };
}

function parseSelection(text: string): ModelSelection | undefined {
  if (text.trim().toUpperCase() === "ALL") return "ALL";
  const parts = text.split(",").map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.map(parseReference);
}

// An equals sign behind a slash or a colon belongs to the url.
const NAMED = /^([^=/:\\]+)=(.+)$/;

function parseReference(text: string): ModelReference {
  const named = NAMED.exec(text);
  return named
    ? { name: named[1]!, url: named[2]! }
    : { name: undefined, url: text };
}

function formatReference({ name, url }: ModelReference): string {
  return name === undefined ? url : `${name}=${url}`;
}
