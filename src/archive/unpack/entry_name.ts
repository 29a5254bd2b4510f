/** Longer names than any file system takes. */
const MAX_NAME_LENGTH = 4096;

/** How much of a name is shown to the user. */
const MAX_SHOWN_LENGTH = 120;

// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROL = /[\0-\x1f\x7f-\x9f]/g;

/**
 * Splits the name of an archive's entry into folders and file, `.` and empty
 * parts left out.
 *
 * @throws {RangeError} saying why, if the name could lead out of the folder
 * that it is unpacked into, or is none that every system can have
 */
export function entryParts(name: string): readonly string[] {
  if (name.length > MAX_NAME_LENGTH) {
    throw new RangeError(`its name is longer than ${MAX_NAME_LENGTH}`);
  }
  if (name.startsWith("/")) throw new RangeError("its path is absolute");
  if (name.includes("\\")) throw new RangeError("its path has a backslash");
  if (name.search(CONTROL) >= 0) {
    throw new RangeError("its name has a control character");
  }
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new RangeError("its path leads out");
  if (parts.some((part) => /^[A-Za-z]:/.test(part))) {
    throw new RangeError("its path has a drive letter");
  }
  return parts;
}

/**
 * Returns what two names share if some file system takes them for the same:
 * Unicode normalisation, case, and dots and spaces at the end do not count.
 */
export function foldedName(part: string): string {
  const folded = part.normalize("NFKC").toUpperCase().toLowerCase();
  return folded.normalize("NFKC").replace(/[. ]+$/, "");
}

/** Returns a name as it may be shown on a terminal, quoted. */
export function shownName(name: string): string {
  const visible = name.slice(0, MAX_SHOWN_LENGTH).replace(
    CONTROL,
    (it) => `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${visible}${name.length > MAX_SHOWN_LENGTH ? "…" : ""}"`;
}
