import { dirname, join } from "node:path";
import { embeddedDigits } from "../archive/mod.ts";
import { MmsError, systemError } from "../errors.ts";
import { SERVICE_TYPES } from "../service/mod.ts";
import { requireModelName } from "./model_name.ts";
import { DETECTOR_GRAPH } from "./templates/detector_graph.ts";
import { PYTHON_SERVICE } from "./templates/python.ts";
import {
  DENO_JSON,
  DETECTOR_SERVICE,
  IMAGE_SERVICE,
  JSON_SERVICE,
  TSCONFIG_JSON,
} from "./templates/typescript.ts";

/** The kinds of models that can be begun with. */
export const TEMPLATES = ["image", "json", "detector", "python"] as const;

/** One of them. */
export type Template = typeof TEMPLATES[number];

type Files = Readonly<Record<string, string | Uint8Array>>;

/** The handler of each template. */
const HANDLERS: Readonly<Record<Template, string>> = {
  image: "service.ts",
  json: "service.ts",
  detector: "service.ts",
  python: "service:handle",
};

/**
 * Makes a folder with the files of a model that can be packed and served as it
 * is, and returns what its handler is called.
 *
 * @throws {MmsError} `bad_request` if the name is not allowed; `conflict` if
 * there is something of that name; `io_failed` if the disk refuses
 */
export async function initModel(
  folder: string,
  { name, template }: { readonly name: string; readonly template: Template },
): Promise<string> {
  requireModelName(name);
  const handler = HANDLERS[template];
  const files: Files = {
    ...await filesOf(template),
    "MAR-INF/MANIFEST.json": manifest(name, handler, template),
  };
  await requireNothing(folder);
  try {
    for (const [path, content] of Object.entries(files)) {
      await write(join(folder, path), content);
    }
  } catch (error) {
    throw systemError(`Cannot write "${folder}"`, error);
  }
  return handler;
}

async function filesOf(template: Template): Promise<Files> {
  switch (template) {
    case "image":
      return typed(IMAGE_SERVICE, await embeddedDigits());
    case "json":
      return typed(JSON_SERVICE, {});
    case "detector":
      return typed(DETECTOR_SERVICE, {
        "detector.onnx": Uint8Array.fromBase64(DETECTOR_GRAPH),
        "signature.json": json(DETECTOR_SIGNATURE),
        "synset.txt": "cat\ndog\n",
      });
    case "python":
      return { "service.py": PYTHON_SERVICE };
  }
}

const DETECTOR_SIGNATURE = {
  inputs: [{ data_name: "data", data_shape: [0, 3, 300, 300] }],
  input_type: "image/jpeg",
  outputs: [{ data_name: "detections", data_shape: [0, 0, 6] }],
  output_type: "application/json",
};

function typed(service: string, others: Files): Files {
  return {
    "service.ts": service,
    "mms.d.ts": SERVICE_TYPES,
    "deno.json": DENO_JSON,
    "tsconfig.json": TSCONFIG_JSON,
    ...others,
  };
}

function manifest(name: string, handler: string, template: Template): string {
  return json({
    runtime: template === "python" ? "python" : "deno",
    model: { modelName: name, handler },
    modelServerVersion: "1.0",
    implementationVersion: "1.0",
    specificationVersion: "1.0",
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function requireNothing(folder: string): Promise<void> {
  const info = await Deno.lstat(folder).catch(() => undefined);
  if (info === undefined) return;
  if (info.isDirectory && await isEmpty(folder)) return;
  throw new MmsError(
    "conflict",
    `Cannot make "${folder}": there is something of that name, a new or an empty folder would be right`,
  );
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    for await (const _ of Deno.readDir(folder)) return false;
    return true;
  } catch (error) {
    throw systemError(`Cannot read "${folder}"`, error);
  }
}

async function write(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  if (typeof content === "string") await Deno.writeTextFile(path, content);
  else await Deno.writeFile(path, content);
}
