import { isAbsolute } from "node:path";
import { MmsError } from "../../errors.ts";

/** What people write to name a model. */
export type Reference =
  | { readonly kind: "url"; readonly url: URL }
  /** A path, and nothing else: it is absolute, or begins with a dot. */
  | { readonly kind: "path"; readonly path: string }
  /** A name, or a path that does not look like one. */
  | { readonly kind: "name"; readonly name: string };

/**
 * Reads what names a model.
 *
 * @throws {MmsError} `model_not_found` if it is a malformed url
 */
export function parseReference(text: string): Reference {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
    const url = URL.parse(text);
    if (url === null) {
      throw new MmsError("model_not_found", `Invalid model url: ${text}`);
    }
    return { kind: "url", url };
  }
  return isAbsolute(text) || /^\.{1,2}(?:[/\\]|$)/.test(text)
    ? { kind: "path", path: text }
    : { kind: "name", name: text };
}

/**
 * Returns what a model without a name in its manifest is called: the last part
 * of what it was asked by, without the ending of an archive, with every
 * character that is not a word's replaced. The original's rule.
 */
export function defaultName(reference: string): string {
  const last = reference.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
  const isArchive = last.includes(".model") || last.includes(".mar");
  const stem = isArchive
    ? last.slice(0, last.lastIndexOf("."))
    : last.replace(/\.(?:onnx|tar\.gz|tgz|zip)$/, "");
  return stem.replaceAll(/\W|^_/g, "_");
}
