import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { download, type DownloadOptions } from "../download/download.ts";
import { DownloadError, subjectOf } from "../download/download_error.ts";
import type {
  DownloadContext,
  ProgressListener,
} from "../download/download_options.ts";
import { DownloadPart } from "../download/download_part.ts";
import { isNamed, whatWouldAllow } from "../download/download_rules.ts";
import { extractArchive } from "../unpack/extract_archive.ts";
import {
  type OpenContext,
  type Opened,
  openEntry,
  openPath,
} from "./model_store_open.ts";
import { defaultName } from "./model_store_reference.ts";
import { ZOO_URL, zooLabels, type ZooModel, zooSignature } from "./zoo.ts";

/** Time between two lines in the log, in ms. */
const LOGGED_AFTER = 5000;

/** What opening a model from the network takes. */
export interface FetchContext extends OpenContext {
  readonly download: DownloadContext;
  readonly progress: ProgressListener | undefined;
}

/**
 * Opens the archive or `.onnx` file at a url, or what a `file:` url names. What
 * was downloaded before is used again if the server says that it has not
 * changed.
 *
 * @throws {DownloadError} if it cannot be had
 * @throws {MmsError} `invalid_archive` if it is no archive
 */
export async function openUrl(
  url: URL,
  context: FetchContext,
): Promise<Opened> {
  if (url.protocol === "file:") {
    return await openPath(pathOf(url, context), context);
  }
  const { cache, signal } = context;
  const place = await cache.workplace("zoo", sha256(url.href), signal);
  await using _place = place;
  const part = new DownloadPart(place.folder);
  const { sha256: key } = await part.record();
  const known = key && await cache.find("models", key);
  await using stack = new AsyncDisposableStack();
  if (known) stack.use(known);
  const result = await download(url, place.folder, {
    ...downloadOptions(context),
    revalidate: known !== undefined,
  });
  stack.defer(() => part.drop());
  const name = defaultName(url.pathname);
  const make = (folder: string) => unpack(part.path, folder, { url, context });
  return await openEntry(result.sha256, context, { make, name });
}

/**
 * Opens a model of the zoo, which is downloaded unless it was before.
 *
 * @throws {DownloadError} if it cannot be had
 */
export async function openZooModel(
  model: ZooModel,
  zooUrl: string | undefined,
  context: FetchContext,
): Promise<Opened> {
  const signature = JSON.stringify(zooSignature(model), undefined, 2);
  const labels = `${(await zooLabels(model)).join("\n")}\n`;
  const make = async (folder: string) => {
    await fetchZooFile(model, { zooUrl: zooUrl ?? ZOO_URL, folder, context });
    await Deno.writeTextFile(join(folder, "signature.json"), signature);
    await Deno.writeTextFile(join(folder, "synset.txt"), labels);
  };
  const key = sha256(`${model.sha256}\n${signature}\n${labels}`);
  return await openEntry(key, context, { make, name: defaultName(model.name) });
}

function pathOf(url: URL, { download }: FetchContext): string {
  if (isNamed(download.rules, url)) return fileURLToPath(url);
  throw new DownloadError(
    subjectOf(url),
    { kind: "refused" },
    `a file is not allowed, ${whatWouldAllow(url)}`,
  );
}

async function fetchZooFile(
  model: ZooModel,
  options: {
    readonly zooUrl: string;
    readonly folder: string;
    readonly context: FetchContext;
  },
): Promise<void> {
  const { folder, context } = options;
  const { cache, signal } = context;
  const base = options.zooUrl.replace(/\/*$/, "/");
  await using place = await cache.workplace("zoo", model.sha256, signal);
  let failure: unknown;
  for (const url of model.urls) {
    try {
      await download(new URL(url, base), place.folder, {
        ...downloadOptions(context),
        expected: model,
      });
      const part = new DownloadPart(place.folder);
      await Deno.rename(part.path, join(folder, `${model.name}.onnx`));
      return;
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function downloadOptions(context: FetchContext): DownloadOptions {
  const { signal, progress } = context;
  return { context: context.download, signal, progress: logged(progress) };
}

/** Tells the log now and then, too, for those who watch a server. */
function logged(progress: ProgressListener | undefined): ProgressListener {
  let told = performance.now();
  return (it) => {
    progress?.(it);
    const isDone = it.done === it.total;
    if (performance.now() - told < LOGGED_AFTER && !isDone) return;
    told = performance.now();
    logger("archive").info(
      `Downloaded ${it.done} of ${it.total ?? "?"} bytes of "${it.what}"`,
    );
  };
}

async function unpack(
  file: string,
  folder: string,
  { url, context }: { readonly url: URL; readonly context: FetchContext },
): Promise<void> {
  if (url.pathname.endsWith(".onnx") && !await isArchive(file)) {
    await Deno.copyFile(file, join(folder, "model.onnx"));
    return;
  }
  try {
    await extractArchive(file, folder, context);
  } catch (error) {
    if (!(error instanceof MmsError)) throw error;
    // The user knows the url, not where we put what came from there.
    const message = error.message.replaceAll(file, subjectOf(url).shown);
    throw new MmsError(error.code, message, { cause: error });
  }
}

/** zip or gzip, whatever its name. */
async function isArchive(path: string): Promise<boolean> {
  await using file = await open(path, "r");
  const { buffer } = await file.read(new Uint8Array(2), 0, 2, 0);
  const start = String.fromCharCode(...buffer);
  return start === "PK" || start === "\x1f\x8b";
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
