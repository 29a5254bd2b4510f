import { dirname, join, resolve } from "node:path";
import type { Settings } from "../../config/mod.ts";
import { MmsError } from "../../errors.ts";

/** How long files must have been left alone before anything is done, in ms. */
const SETTLE_MS = 100;

/** A folder, and whether what lies below its own files counts. */
interface Watched {
  readonly folder: string;
  readonly recursive: boolean;
}

/**
 * Calls `act` when files of the models that are served from the start have
 * changed and are left alone, once at a time.
 *
 * @throws {MmsError} `usage` if none of those models is a file or a folder;
 * `io_failed` if the system watches no more
 */
export async function watchModels(
  settings: Settings,
  act: () => Promise<void>,
): Promise<Disposable> {
  const watched = await placesOf(settings);
  if (watched.length === 0) {
    throw new MmsError(
      "usage",
      "Cannot watch for changes: no model is served from a file or a folder, mms serve --watch FOLDER would be right",
    );
  }
  const settled = new Settled(act);
  const watchers = watched.map((place) => watch(place, settled));
  return {
    [Symbol.dispose]() {
      watchers.forEach((watcher) => watcher.close());
      settled[Symbol.dispose]();
    },
  };
}

async function placesOf(
  { loadModels, modelStore }: Settings,
): Promise<readonly Watched[]> {
  const store = modelStore === undefined ? [] : [modelStore];
  const paths = loadModels === "ALL" ? store : loadModels.flatMap(({ url }) => [
    ...store.map((folder) => join(folder, url)),
    resolve(url),
  ]);
  const places = await Promise.all(paths.map(placeOf));
  return places.filter((place) => place !== undefined);
}

/** A file is replaced in its folder; a checkpoint's prefix is no file itself. */
async function placeOf(path: string): Promise<Watched | undefined> {
  const found = await stat(path) ?? await stat(`${path}-symbol.json`);
  if (found === undefined) return undefined;
  return found.isDirectory
    ? { folder: path, recursive: true }
    : { folder: dirname(path), recursive: false };
}

function stat(path: string): Promise<Deno.FileInfo | undefined> {
  return Deno.stat(path).catch(() => undefined);
}

function watch(
  { folder, recursive }: Watched,
  settled: Settled,
): Deno.FsWatcher {
  try {
    const watcher = Deno.watchFs(folder, { recursive });
    void notice(watcher, settled);
    return watcher;
  } catch (cause) {
    throw new MmsError(
      "io_failed",
      `Cannot watch "${folder}" for changes: the system watches no more files`,
      { cause },
    );
  }
}

async function notice(
  watcher: Deno.FsWatcher,
  settled: Settled,
): Promise<void> {
  for await (const { kind } of watcher) {
    if (kind !== "access") settled.touch();
  }
}

/** Acts when nothing has been touched for a moment. */
class Settled implements Disposable {
  readonly #act: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(act: () => Promise<void>) {
    this.#act = act;
  }

  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#last = this.#last.then(this.#act);
    }, SETTLE_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
