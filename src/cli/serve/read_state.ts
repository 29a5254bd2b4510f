import { messageOf, MmsError, systemError } from "../../errors.ts";
import { RUNTIMES, SERVICES } from "../../server/mod.ts";
import { JsonPlace } from "./json_place.ts";
import {
  type SavedModel,
  type SavedState,
  SECOND_MS,
  STATE_VERSION,
} from "./saved_state.ts";

/** Room for some hundred thousand models. */
const MAX_BYTES = 1 << 26;

/**
 * Reads a state; a file that is not there says nothing.
 *
 * @throws {MmsError} `invalid_settings` if the file is not what `formatState`
 * writes; `io_failed` if it cannot be read
 */
export async function readState(path: string): Promise<SavedState> {
  const text = await readText(path);
  if (text === undefined) return { models: [], unregistered: [] };
  const state = new JsonPlace(path, "", parse(path, text));
  const version = state.member("version");
  if (version.integer(1) !== STATE_VERSION) version.refuse(`${STATE_VERSION}`);
  const places = state.member("models").elements();
  const models = places.map(readModel);
  const names = new Set<string>();
  models.forEach(({ name }, i) => {
    if (names.has(name)) {
      places[i]!.member("model_name").refuse("a name that no other model has");
    }
    names.add(name);
  });
  const unregistered = state.member("unregistered").elements().map((it) => ({
    name: it.member("model_name").text(),
    url: it.member("url").text(),
  }));
  return { models, unregistered };
}

function readModel(place: JsonPlace): SavedModel {
  const minWorkers = place.member("min_worker").integer(0);
  const seconds = place.member("response_timeout").optional((it) =>
    it.number()
  );
  const handler = place.member("handler").optional((it) => it.text());
  const runtime = place.member("runtime").optional((it) => it.word(RUNTIMES));
  const service = place.member("service").optional((it) => it.word(SERVICES));
  return {
    name: place.member("model_name").text(),
    url: place.member("url").text(),
    ...(handler === undefined ? {} : { handler }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(service === undefined ? {} : { service }),
    batchSize: place.member("batch_size").integer(1),
    maxBatchDelay: place.member("max_batch_delay").integer(0),
    ...(seconds === undefined ? {} : { responseTimeout: seconds * SECOND_MS }),
    minWorkers,
    maxWorkers: place.member("max_worker").integer(minWorkers),
  };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_BYTES) {
      throw new MmsError(
        "invalid_settings",
        `Cannot read "${path}": it has ${size} bytes, at most ${MAX_BYTES} are right`,
      );
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw systemError(`Cannot read "${path}"`, error);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmsError(
      "invalid_settings",
      `Cannot read "${path}": it is not JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
}
