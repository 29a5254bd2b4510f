import { join } from "node:path";
import type { ModelReference, Settings } from "../../config/mod.ts";
import { messageOf } from "../../errors.ts";
import { logger } from "../../log.ts";

/**
 * Returns the models of a store, by name: its archives, and its folders that
 * hold a model. Those without one are told to the log.
 */
export async function storedModels(
  store: string,
  { defaultServiceHandler }: Pick<Settings, "defaultServiceHandler">,
): Promise<readonly ModelReference[]> {
  const names = [];
  for await (const { name } of Deno.readDir(store)) {
    if (name.startsWith(".")) continue;
    const isModel = await isFolder(join(store, name))
      ? defaultServiceHandler !== undefined ||
        await holdsModel(join(store, name))
      : ARCHIVE.test(name);
    if (isModel) names.push(name);
  }
  return names.sort().map((url) => ({ name: undefined, url }));
}

const ARCHIVE = /\.(mar|model|tar\.gz|onnx)$/;
const MODEL_FILE = /^(MANIFEST\.json|.*\.onnx|.*-symbol\.json)$/;
const PACKED_MANIFEST = "MAR-INF/MANIFEST.json";

async function isFolder(path: string): Promise<boolean> {
  // A link may lead nowhere.
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, no);
}

async function holdsModel(folder: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (MODEL_FILE.test(name)) return true;
    }
    const isManifest = await Deno.stat(join(folder, PACKED_MANIFEST)).then(
      ({ isFile }) => isFile,
      no,
    );
    if (isManifest) return true;
    skip(folder, "it has no manifest and no graph");
  } catch (error) {
    skip(folder, messageOf(error));
  }
  return false;
}

function skip(folder: string, reason: string): void {
  logger("serve").info("Folder {folder} is left out: {reason}", {
    folder,
    reason,
  });
}

function no(): false {
  return false;
}
