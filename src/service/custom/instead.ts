import { API } from "./inside/api.ts";

/** What services look for that a sandbox does not have, and what it has. */
const INSTEAD: Readonly<Record<string, string>> = {
  Buffer: `import it from "node:buffer"`,
  Deno: "context.readFile(path) reads the model's files",
  eval: "no code is made of text in a service",
  fetch: "the setting service_net grants hosts",
  process: "a service has no environment and no processes",
  require: "import what is needed",
};

const ABSENT = /\b(\w+) is not defined$/;
const UNEXPORTED =
  /The requested module '\.\/mms\.js' does not provide an export named '(\w+)'/;

/** Returns what the runtime says of an error, with what there is instead. */
export function withInstead(text: string): string {
  const [, name = ""] = text.match(ABSENT) ?? [];
  if (Object.hasOwn(INSTEAD, name)) return `${text}, ${INSTEAD[name]}`;
  return text.replace(
    UNEXPORTED,
    (_, missing) =>
      `"mms" does not export "${missing}", but ${Object.keys(API).join(", ")},`,
  );
}
