import { isAbsolute, join, relative, sep } from "node:path";
import { type ModelArchive, readBoundedFile } from "../../archive/mod.ts";
import type { Session } from "../../engine/mod.ts";
import { messageOf, MmsError } from "../../errors.ts";
import type { Feeds } from "../../tensor/mod.ts";
import { readFeeds } from "./read_feeds.ts";
import { readRequest, requireString } from "./replies.ts";
import { inputsOf } from "./crossing.ts";
import type { Handler } from "../service.ts";
import type { Errand } from "./sandbox_parts.ts";

/** The largest file that a service may have read for it. */
const MAX_FILE_BYTES = 1 << 30;

/** What a worker does for its service. */
export interface ErrandsOptions {
  readonly archive: ModelArchive;
  /** `undefined` where the model has no graph. */
  readonly session: Session | undefined;
  /** Returns the built-in handler of that name. */
  readonly builtIn: (name?: string) => Promise<Handler>;
}

/** Returns what does the errands of a service: nothing that could do harm. */
export function errands({ archive, session, builtIn }: ErrandsOptions): Errand {
  return async (what, question) => {
    switch (what) {
      case "run":
        return await run(session, readFeeds(question.feeds));
      case "read":
        return await read(archive.folder, requireString(question.path, "path"));
      case "preprocess": {
        const handler = await builtIn(requireString(question.base, "base"));
        return await handler.preprocess(
          inputsOf(readRequest(question.request)),
        );
      }
      case "postprocess": {
        const handler = await builtIn(requireString(question.base, "base"));
        const inputs = inputsOf(readRequest(question.request));
        return await handler.postprocess(readFeeds(question.outputs), inputs);
      }
      default:
        throw new MmsError("prediction_failed", "Cannot do that for a service");
    }
  };
}

async function run(session: Session | undefined, feeds: Feeds): Promise<Feeds> {
  if (session !== undefined) return await session.run(feeds);
  throw new MmsError("invalid_model", "Cannot run the graph: there is none");
}

/** Links are resolved before it is decided whether a file is the model's. */
async function read(folder: string, path: string): Promise<Uint8Array> {
  try {
    const root = await Deno.realPath(folder);
    const real = await Deno.realPath(join(root, path));
    const way = relative(root, real);
    const leaves = isAbsolute(path) || isAbsolute(way) ||
      way.split(sep)[0] === "..";
    if (leaves) throw new Error("it leads out of the model's folder");
    if (!(await Deno.stat(real)).isFile) throw new Error("it is no file");
    return await readBoundedFile(real, { what: path, limit: MAX_FILE_BYTES });
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : messageOf(error);
    throw new MmsError("io_failed", `Cannot read "${path}": ${why}`);
  }
}
