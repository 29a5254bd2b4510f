import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { packedFromDisk, type PackFile } from "../archive/mod.ts";
import { MmsError, systemError } from "../errors.ts";

/** Folders that nobody wants in an archive. */
const SKIPPED_FOLDERS: readonly string[] = ["__MACOSX", "__pycache__"];

/** Endings of files that are made anew, or are archives themselves. */
const SKIPPED_ENDINGS: readonly string[] = [
  ".DS_Store",
  ".mar",
  ".model",
  ".pyc",
];

interface Walk {
  /** The source folder with all links resolved. */
  readonly root: string;
  /** Absolute paths that are left out. */
  readonly without: readonly string[];
  readonly files: PackFile[];
}

/** One file or folder on the way. */
interface Place {
  readonly path: string;
  /** Relative to the source folder, `/` between the parts; `""` for itself. */
  readonly name: string;
  /** The resolved folders that this place lies in. */
  readonly ancestors: readonly string[];
}

/**
 * Lists what belongs into an archive of `folder`, in the order of the names'
 * code units: not hidden files and folders, caches of Python and macOS,
 * manifests and archives, nor the paths in `without`. Links are followed where
 * they stay inside.
 *
 * @throws {MmsError} `invalid_archive` if something is neither file nor folder,
 * or a link leads out of the folder, in a circle or nowhere; `io_failed` if the
 * disk refuses
 */
export async function sourceFiles(
  folder: string,
  without: readonly string[],
): Promise<readonly PackFile[]> {
  const files: PackFile[] = [];
  try {
    const root = await Deno.realPath(folder);
    const walk = { root, files, without: without.map((it) => resolve(it)) };
    await visitFolder(walk, { path: resolve(folder), name: "", ancestors: [] });
  } catch (error) {
    throw systemError(`Cannot read "${folder}"`, error);
  }
  return files.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

async function visitFolder(walk: Walk, place: Place): Promise<void> {
  const real = await Deno.realPath(place.path);
  if (place.ancestors.includes(real)) {
    refuse(place, "it links to a folder that it lies in");
  }
  for await (const { name } of Deno.readDir(place.path)) {
    if (name.startsWith(".")) continue;
    await visit(walk, {
      path: join(place.path, name),
      name: place.name === "" ? name : `${place.name}/${name}`,
      ancestors: [...place.ancestors, real],
    });
  }
}

async function visit(walk: Walk, place: Place): Promise<void> {
  if (walk.without.includes(place.path)) return;
  const info = await follow(walk, place);
  const skipped = info.isDirectory
    ? SKIPPED_FOLDERS.includes(basename(place.path))
    : isSkippedFile(basename(place.path));
  if (skipped) return;
  if (info.isDirectory) return await visitFolder(walk, place);
  if (!info.isFile) refuse(place, "it is neither a file nor a folder");
  walk.files.push(packedFromDisk(place.name, place.path, info.size));
}

function isSkippedFile(name: string): boolean {
  return name === "MANIFEST.json" ||
    SKIPPED_ENDINGS.some((ending) => name.endsWith(ending));
}

/** Says what a place is, or what it links to. */
async function follow(walk: Walk, place: Place): Promise<Deno.FileInfo> {
  const info = await Deno.lstat(place.path);
  if (!info.isSymlink) return info;
  const target = await Deno.realPath(place.path).catch(() => undefined);
  if (target === undefined) refuse(place, "it links to nothing");
  const way = relative(walk.root, target);
  if (isAbsolute(way) || way.split(sep)[0] === "..") {
    refuse(place, `it links to "${target}", outside of the model's folder`);
  }
  return await Deno.stat(target);
}

function refuse(place: Place, reason: string): never {
  throw new MmsError(
    "invalid_archive",
    `Cannot pack "${place.name}": ${reason}`,
  );
}
