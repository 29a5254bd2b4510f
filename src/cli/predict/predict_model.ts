import {
  type ModelStore,
  type OpenedArchive,
  type ProgressListener,
  zooNames,
} from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";

/** More names than these help nobody. */
const MAX_NAMES = 3;

/** What is meant as a path, not as a name in the zoo. */
const PATH = /[/\\]|\.(?:mar|model|onnx|gz|tgz|json|params)$/;

/** Which model is opened, and how. */
export interface OpenOptions {
  /** As the user named it; `undefined`: the default one. */
  readonly model: string | undefined;
  /** Ends the opening. */
  readonly signal: AbortSignal;
  /** Is told how far a download has come. */
  readonly progress: ProgressListener;
}

/**
 * Opens the model that a user has named, or the default one, and says what may
 * help where that does not work.
 *
 * @throws {MmsError} as `ModelStore.open` does
 */
export async function openModel(
  store: ModelStore,
  { model, ...options }: OpenOptions,
): Promise<OpenedArchive> {
  try {
    return model === undefined
      ? await store.openDefault(options)
      : await store.open(model, options);
  } catch (error) {
    throw error instanceof MmsError ? await withAdvice(error, model) : error;
  }
}

async function withAdvice(
  error: MmsError,
  model: string | undefined,
): Promise<MmsError> {
  const advice = await adviceFor(error, model);
  return advice === undefined
    ? error
    : new MmsError(error.code, `${error.message}, ${advice}`, { cause: error });
}

async function adviceFor(
  { code }: MmsError,
  model: string | undefined,
): Promise<string | undefined> {
  if (code === "download_failed" && model === undefined) {
    return "without a network --model digits or the path of a model would do";
  }
  const isName = model !== undefined && !PATH.test(model);
  if (code !== "model_not_found" || !isName) return undefined;
  const near = await namesNear(model);
  return near.length === 0
    ? "mms predict --help lists the zoo"
    : `${near.map((name) => `"${name}"`).join(" or ")} would be right`;
}

async function namesNear(model: string): Promise<readonly string[]> {
  const names = ["digits", ...zooNames()];
  const begun = names.filter((name) => name.startsWith(model));
  if (model !== "" && begun.length > 0) return begun.slice(0, MAX_NAMES);
  const { nearestName } = await import(
    import.meta.resolve("../../config/mod.ts")
  ) as typeof import("../../config/mod.ts");
  const nearest = nearestName(model, names);
  return nearest === undefined ? [] : [nearest];
}
