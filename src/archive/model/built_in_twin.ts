import { messageOf } from "../../errors.ts";
import { importedFiles, readText, serviceFile } from "./imported_files.ts";
import {
  doesNothing,
  fingerprint,
  STOCK_SERVICES,
  type StockRole,
  type StockServices,
} from "./stock_service.ts";

/** The services that mms runs itself, as manifests name them. */
export const BUILT_IN_SERVICES = [
  "mms:image",
  "mms:image-batching",
  "mms:json",
  "mms:gluon-base",
  "mms:gluon-image",
  "mms:gluon-alexnet",
  "mms:ssd",
  "mms:lstm",
] as const;

/** One of them. */
export type BuiltInService = typeof BUILT_IN_SERVICES[number];

/** What is found out about a service file. */
export interface TwinSearch {
  /** What does the file's work; `undefined` where nothing is known to. */
  readonly service: BuiltInService | undefined;
  /** Why that is so: a sentence without its first capital and final period. */
  readonly reason: string;
}

const TWINS: Readonly<Partial<Record<StockRole, BuiltInService>>> = {
  "base": "mms:json",
  "image": "mms:image",
  "image-batching": "mms:image-batching",
  "gluon-base": "mms:gluon-base",
  "gluon-image": "mms:gluon-image",
  "gluon-alexnet": "mms:gluon-alexnet",
  "ssd": "mms:ssd",
  "lstm": "mms:lstm",
};

/** What `mms export` writes: mxnet_vision_service.py, mxnet_model_service.py. */
const OWN: ReadonlyMap<string, BuiltInService> = new Map([
  [
    "cef1f7516075ebcfcf9c9750a1a5531f21888f059d186fed518335fcd3cde9c0",
    "mms:image",
  ],
  [
    "3a3c0089ea0d7df0ee9b77cd1985d2d954d8b0cd8869008b7cf4848605b99000",
    "mms:json",
  ],
]);

/**
 * Looks for the built-in service that does what the service file of a handler
 * does: one that came with the original, or from `mms export`, and that nobody
 * edited, nor what it imports from beside it.
 */
export async function findTwin(
  folder: string,
  handler: string,
  stock: StockServices = STOCK_SERVICES,
): Promise<TwinSearch> {
  const file = serviceFile(handler);
  try {
    return await compare(folder, file, stock);
  } catch (error) {
    return none(`"${handler}" cannot be compared: ${messageOf(error)}`);
  }
}

async function compare(
  folder: string,
  file: string,
  stock: StockServices,
): Promise<TwinSearch> {
  const text = await readText(folder, file);
  if (text === undefined) return none(`there is no "${file}"`);
  const own = OWN.get(fingerprint(text));
  if (own !== undefined) {
    return { service: own, reason: `"${file}" is what mms export wrote` };
  }
  const role = stock.get(fingerprint(text));
  const service = role && TWINS[role];
  if (service === undefined) return none(`"${file}" is code of its own`);
  const edited = await findEdited(folder, file, stock);
  return edited === undefined
    ? { service, reason: `"${file}" is the original server's, unedited` }
    : none(`"${file}" is the original server's, but "${edited}" is not`);
}

/** Returns the first file that a stock service would import and that is none. */
async function findEdited(
  folder: string,
  file: string,
  stock: StockServices,
): Promise<string | undefined> {
  const imported = await importedFiles(folder, file);
  return imported.find(({ text }) =>
    !doesNothing(text) && !stock.has(fingerprint(text))
  )?.path;
}

function none(reason: string): TwinSearch {
  return { service: undefined, reason };
}
