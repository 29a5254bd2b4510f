import { entryParts, foldedName, shownName } from "./entry_name.ts";

/** What an entry of an archive unpacks to. */
export type EntryKind = "file" | "folder";

interface Seen {
  readonly path: string;
  readonly kind: EntryKind;
  /** A folder may be named by its files before it has an entry of its own. */
  readonly stated: boolean;
}

/** The names of one archive's entries, each of which must be its own. */
export class EntryNames {
  readonly #limit: number;
  readonly #seen = new Map<string, Seen>();

  /** Makes room for at most `limit` files and folders. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes note of an entry, and returns the parts of its path.
   *
   * @throws {RangeError} saying why, if the name is unsafe, taken, or one too
   * many
   */
  add(name: string, kind: EntryKind): readonly string[] {
    const parts = entryParts(name);
    if (parts.length === 0 && kind === "file") {
      throw new RangeError("it has no name");
    }
    for (let i = 1; i < parts.length; i++) {
      this.#note(parts.slice(0, i), "folder", { stated: false });
    }
    if (parts.length > 0) this.#note(parts, kind, { stated: true });
    return parts;
  }

  #note(
    parts: readonly string[],
    kind: EntryKind,
    { stated }: { readonly stated: boolean },
  ): void {
    const path = parts.join("/");
    const key = parts.map(foldedName).join("/");
    const seen = this.#seen.get(key);
    if (seen !== undefined) {
      requireCompatible({ path, kind, stated }, seen);
    } else if (this.#seen.size >= this.#limit) {
      throw new RangeError(
        `the archive has more than ${this.#limit} files and folders`,
      );
    }
    const known = stated || (seen?.stated ?? false);
    this.#seen.set(key, { path, kind, stated: known });
  }
}

function requireCompatible(entry: Seen, seen: Seen): void {
  if (seen.path !== entry.path) {
    throw new RangeError(
      `it is a duplicate of ${shownName(seen.path)} to some file systems`,
    );
  }
  if (seen.kind !== entry.kind) {
    throw new RangeError("it is a file and a folder at once");
  }
  if (seen.stated && entry.stated) throw new RangeError("it is a duplicate");
}
