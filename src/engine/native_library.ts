import {
  type Attachment,
  attachmentFolders,
  copyAttachment,
  findAttachment,
  temporaryFolder,
} from "../attachment.ts";
import { messageOf, MmsError } from "../errors.ts";
import { logger } from "../log.ts";

/** The name by which the binding of ONNX Runtime asks for its library. */
const LIBRARY = "libonnxruntime.so.1";

let loading: Promise<Deno.DynamicLibrary<Record<never, never>>> | undefined;

/**
 * Makes ONNX Runtime's shared library loadable in a compiled binary that holds
 * it as an attachment: copies it out, once per user, and loads the copy, so
 * that the binding, which the runtime extracts alone, finds it by its name.
 * Anywhere else the library lies beside the binding and nothing is done.
 *
 * @throws {MmsError} `io_failed` if there is no folder to load a copy from
 */
export async function prepareNativeLibrary(): Promise<void> {
  const attachment = await findAttachment(LIBRARY);
  if (attachment === undefined) return;
  loading ??= loadFirst(attachment);
  try {
    await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** Loads a copy from the first folder that can be written and loaded from. */
async function loadFirst(
  attachment: Attachment,
): Promise<Deno.DynamicLibrary<Record<never, never>>> {
  const log = logger("engine");
  for (const folder of attachmentFolders()) {
    try {
      return Deno.dlopen(await copyAttachment(attachment, folder), {});
    } catch (error) {
      log.debug(
        `Cannot load ${LIBRARY} from "${folder}": ${messageOf(error)}`,
      );
    }
  }
  return await loadPassing(attachment);
}

/** Loads a copy for this process alone; once it is loaded the file may go. */
async function loadPassing(
  attachment: Attachment,
): Promise<Deno.DynamicLibrary<Record<never, never>>> {
  try {
    const folder = await Deno.makeTempDir({ prefix: "mms-" });
    try {
      return Deno.dlopen(await copyAttachment(attachment, folder), {});
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  } catch (error) {
    throw new MmsError(
      "io_failed",
      `Cannot load ONNX Runtime from "${temporaryFolder()}": ${
        messageOf(error)
      }, TMPDIR or MMS_CACHE_DIR can name a folder that can be written and loaded from`,
      { cause: error },
    );
  }
}
