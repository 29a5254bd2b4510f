import {
  type BuiltInService,
  DEFAULT_MANIFEST,
  impliedInputType,
  type ModelArchive,
  openFolder,
  type PackFile,
  type SignatureType,
} from "../archive/mod.ts";
import { MmsError } from "../errors.ts";
import { graphSignature, requirePictureSizes } from "../service/mod.ts";

/** The files of a model that is packed. */
export interface SourceModel {
  /** Where they come from. */
  readonly folder: string;
  /** All of them. */
  readonly files: readonly PackFile[];
  /** What the checkpoint among them was converted to, if it was. */
  readonly graph?: string;
}

/** Declarations, `.d.ts`, are for editors. */
const CODE = /(?<!\.d)\.(py|ts|js|mjs)$/;

/**
 * Returns the built-in service for a model that brings no code: the one that
 * its signature names, or else the one that suits its graph.
 *
 * @throws {MmsError} `usage` if there is code, or nothing that a built-in
 * service could run; `invalid_archive` if the signature breaks its rules
 */
export async function chooseHandler(
  { folder, files, graph }: SourceModel,
  modelName: string,
): Promise<BuiltInService> {
  const code = files.find(({ name }) => CODE.test(name));
  if (code !== undefined) {
    refuse(folder, `"${code.name}" is code, --handler says what to call in it`);
  }
  const manifest = { ...DEFAULT_MANIFEST, modelName };
  const archive = await openFolder(folder, { manifest });
  const type = await inputTypeOf(archive, graph);
  return type === "image/jpeg" ? "mms:image" : "mms:json";
}

async function inputTypeOf(
  archive: ModelArchive,
  converted: string | undefined,
): Promise<SignatureType> {
  const { folder, graph, signature } = archive;
  if (graph === undefined) {
    refuse(folder, "there is no .onnx file and no checkpoint to run");
  }
  if (signature !== undefined) {
    return signature.inputType ?? impliedInputType(signature.inputs);
  }
  const path = graph.format === "onnx" ? graph.path : converted;
  if (path === undefined) {
    refuse(folder, "a checkpoint needs a signature.json beside it");
  }
  const own = await graphSignature(path);
  const type = own.inputType ?? impliedInputType(own.inputs);
  if (type === "image/jpeg") requirePictureSizes(archive, own.inputs);
  return type;
}

function refuse(folder: string, reason: string): never {
  throw new MmsError(
    "usage",
    `Cannot choose a handler for "${folder}": ${reason}`,
  );
}
