import { dirname, join } from "node:path/posix";
import { messageOf } from "../../errors.ts";
import { readBoundedFile } from "./bounded_file.ts";
import { pathInside } from "./inside.ts";
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

/** Service files are a few hundred lines; what is larger is not one of these. */
const MAX_SERVICE_BYTES = 1 << 20;

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

/** What the original's services import from beside them. */
const IMPORTED: readonly string[] = [
  "model_handler.py",
  "mxnet_model_service.py",
  "mxnet_vision_service.py",
  "gluon_base_service.py",
  "ndarray.py",
  "mxnet_utils/__init__.py",
  "mxnet_utils/image.py",
  "mxnet_utils/ndarray.py",
  "mxnet_utils/nlp.py",
];

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

function none(reason: string): TwinSearch {
  return { service: undefined, reason };
}

/** Returns the first file that a stock service would import and that is none. */
async function findEdited(
  folder: string,
  file: string,
  stock: StockServices,
): Promise<string | undefined> {
  for (const place of new Set([dirname(file), "."])) {
    for (const name of IMPORTED) {
      const path = join(place, name);
      const text = await readText(folder, path);
      const isStock = text === undefined || doesNothing(text) ||
        stock.has(fingerprint(text));
      if (!isStock) return path;
    }
  }
  return undefined;
}

/** `undefined` where there is no such file. */
async function readText(
  folder: string,
  file: string,
): Promise<string | undefined> {
  const path = pathInside(folder, file);
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isFile) return undefined;
  const limit = MAX_SERVICE_BYTES;
  const bytes = await readBoundedFile(path, { what: file, limit });
  return new TextDecoder().decode(bytes);
}

/** `pkg/module.py:function`, `pkg.module` and `module` name a `.py` file. */
function serviceFile(handler: string): string {
  const module = handler.replace(/:[^:]*$/, "").replace(/\.py$/, "");
  return `${module.replaceAll(".", "/")}.py`;
}
