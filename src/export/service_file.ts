import { basename } from "node:path";
import {
  packedText,
  type PackFile,
  type SignatureType,
} from "../archive/mod.ts";
import { messageOf, MmsError } from "../errors.ts";
import modelService from "./python/mxnet_model_service.py" with {
  type: "text",
};
import visionService from "./python/mxnet_vision_service.py" with {
  type: "text",
};

/** The services that callers may derive theirs from. */
const BASES =
  /^class\s+\w+\s*\([^)]*(MXNetBaseService|MXNetVisionService|GluonBaseService|GluonImperativeBaseService|GluonVisionService|SingleNodeService)/m;

/** Far more than anybody writes by hand. */
const MAX_SERVICE_BYTES = 1 << 20;

const OWN_FILES: Readonly<Record<SignatureType, PackFile>> = {
  "image/jpeg": packedText("mxnet_vision_service.py", visionService),
  "application/json": packedText("mxnet_model_service.py", modelService),
};

/**
 * Returns the service file of an archive: the one at `path` that the user names,
 * else one that lies among the model's files, where somebody may have edited
 * it, else our own.
 *
 * @throws {MmsError} `invalid_archive` if the user's file defines no service,
 * or several files of the model do; `resource_not_found` if it is not there
 */
export async function serviceFile(
  files: readonly PackFile[],
  options: {
    readonly path: string | undefined;
    readonly inputType: SignatureType;
  },
): Promise<PackFile> {
  if (options.path !== undefined) return await userFile(options.path);
  const own = OWN_FILES[options.inputType];
  const service = await onlyService(files) ?? own;
  const isTaken = service === own &&
    files.some(({ name }) => name === own.name);
  return isTaken ? refuse(own.name) : service;
}

async function userFile(path: string): Promise<PackFile> {
  const text = await readService(path);
  return BASES.test(text) ? packedText(basename(path), text) : refuse(path);
}

function refuse(path: string): never {
  throw new MmsError(
    "invalid_archive",
    `Cannot use service file "${path}": it defines no class that derives from MXNetBaseService`,
  );
}

async function readService(path: string): Promise<string> {
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_SERVICE_BYTES) {
      throw new RangeError(`it is larger than ${MAX_SERVICE_BYTES} bytes`);
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new MmsError(
      "resource_not_found",
      `Cannot read service file "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}

async function onlyService(
  files: readonly PackFile[],
): Promise<PackFile | undefined> {
  const services: PackFile[] = [];
  for (const file of files) {
    const isCandidate = !file.name.includes("/") &&
      file.name.endsWith(".py") && file.bytes <= MAX_SERVICE_BYTES;
    if (!isCandidate) continue;
    const text = await new Response(await file.open()).text();
    if (BASES.test(text)) services.push(file);
  }
  if (services.length <= 1) return services[0];
  const names = services.map(({ name }) => `"${name}"`).join(", ");
  throw new MmsError(
    "invalid_archive",
    `Cannot choose a service file: ${names} all define one, --service-file-path says which`,
  );
}
