import { basename } from "node:path";

/**
 * Returns MMS's name for a model whose manifest has none: the last part of its
 * url, without the ending of an archive, everything but letters, digits and
 * underscores replaced. `no-man.v2.mar` becomes `no_man_v2`.
 */
export function defaultModelName(url: string): string {
  const last = basename(url.replace(/[?#].*$/, ""));
  const isArchive = last.includes(".model") || last.includes(".mar");
  const stem = isArchive ? last.slice(0, last.lastIndexOf(".")) : last;
  return stem.replace(/\W/g, "_");
}
