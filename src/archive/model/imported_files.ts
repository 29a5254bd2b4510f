import { dirname, join } from "node:path/posix";
import { readBoundedFile } from "./bounded_file.ts";
import { pathInside } from "./inside.ts";
import {
  fingerprint,
  STOCK_SERVICES,
  type StockRole,
  type StockServices,
} from "./stock_service.ts";

/** Service files are a few hundred lines; what is larger is not one of these. */
const MAX_SERVICE_BYTES = 1 << 20;

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

/** A file that services import, and what it says. */
export interface ImportedFile {
  /** Relative to the folder of the model. */
  readonly path: string;
  readonly text: string;
}

/**
 * Returns the files that came with the original server among those that the
 * service of a handler may import, and what they are there for, by their paths.
 */
export async function stockFiles(
  folder: string,
  handler: string,
  stock: StockServices = STOCK_SERVICES,
): Promise<Readonly<Record<string, StockRole>>> {
  const imported = await importedFiles(folder, serviceFile(handler));
  const roles = imported.map(({ path, text }) =>
    [`${folder}/${path}`, stock.get(fingerprint(text))] as const
  );
  return Object.fromEntries(
    roles.flatMap(([path, role]) => role === undefined ? [] : [[path, role]]),
  );
}

/** Returns what is there of what a service of the original imports. */
export async function importedFiles(
  folder: string,
  file: string,
): Promise<readonly ImportedFile[]> {
  const found: ImportedFile[] = [];
  for (const place of new Set([dirname(file), "."])) {
    for (const name of IMPORTED) {
      const path = join(place, name);
      const text = await readText(folder, path);
      if (text !== undefined) found.push({ path, text });
    }
  }
  return found;
}

/** Returns the text of a service file; `undefined` where there is no such file. */
export async function readText(
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

/**
 * Returns the `.py` file of a handler: `pkg/module.py:function`, `pkg.module` or
 * `module`.
 */
export function serviceFile(handler: string): string {
  const module = handler.replace(/:[^:]*$/, "").replace(/\.py$/, "");
  return `${module.replaceAll(".", "/")}.py`;
}
