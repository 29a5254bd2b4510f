import { basename, resolve } from "node:path";
import {
  extractArchive,
  type ModelArchive,
  openFolder,
  openOnnxFile,
} from "../archive/mod.ts";
import type { Settings } from "../config/mod.ts";
import { MmsError } from "../errors.ts";
import type { OpenArchive, OpenedArchive } from "../workload/mod.ts";

/** Opens the models of a folder, by the paths in it. */
export function openModels({ modelStore = "." }: Settings): OpenArchive {
  return async (url, signal) => {
    const path = resolve(modelStore, url);
    const file = await Deno.stat(path).catch((cause) => {
      throw new MmsError(
        "model_not_found",
        `Model not found in model store: ${url}`,
        { cause },
      );
    });
    if (file.isDirectory) return inPlace(await openFolder(path));
    if (path.endsWith(".onnx")) return inPlace(await openOnnxFile(path));
    return await unpacked(path, signal);
  };
}

function inPlace(archive: ModelArchive): OpenedArchive {
  return { archive, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function unpacked(
  path: string,
  signal: AbortSignal,
): Promise<OpenedArchive> {
  const folder = await Deno.makeTempDir();
  try {
    const inside = `${folder}/${basename(path)}`;
    await extractArchive(path, inside, { signal });
    return {
      archive: await openFolder(inside),
      [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
    };
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}
