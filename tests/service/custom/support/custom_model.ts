/**
 * Models with a service in TypeScript or JavaScript.
 *
 * @module
 */

import { openFolder } from "../../../../src/archive/mod.ts";
import {
  type Inputs,
  loadService,
  type LoadServiceOptions,
  type Prediction,
  type Service,
} from "../../../../src/service/mod.ts";
import { modelFolder } from "../../../support/model_folder.ts";
import type { TempFolder } from "../../../support/temp.ts";

/** The manifest of a model whose service is in `handler`. */
export function customManifest(handler: string, modelName = "custom"): unknown {
  return {
    runtime: "deno",
    model: { modelName, handler },
    specificationVersion: "1.0",
  };
}

/** Makes the folder of a model, with a manifest. */
export async function customFolder(
  handler: string,
  files: Readonly<Record<string, unknown>>,
): Promise<TempFolder> {
  return await modelFolder({
    "MAR-INF/MANIFEST.json": customManifest(handler),
    ...files,
  });
}

/** Loads the service of a folder; both go when it is disposed of. */
export async function loadCustom(
  handler: string,
  files: Readonly<Record<string, unknown>>,
  options: Partial<LoadServiceOptions> = {},
): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await customFolder(handler, files));
  const archive = await openFolder(folder.path);
  const service = stack.use(
    await loadService(archive, { threads: 1, ...options }),
  );
  const held = stack.move();
  return {
    predict: (...values) => service.predict(...values),
    warmUp: () => service.warmUp(),
    get isOver() {
      return service.isOver ?? false;
    },
    ...service.kind && { kind: service.kind },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** What one caller sends as the body of a request. */
export function bodyOf(
  value: string | Uint8Array,
  contentType = "text/plain",
): Inputs {
  const data = typeof value === "string"
    ? new TextEncoder().encode(value)
    : value;
  return {
    requestId: crypto.randomUUID(),
    headers: { "X-Caller": "test" },
    fields: new Map([["body", { contentType, data }]]),
  };
}

/** Asks a service one thing. */
export async function ask(
  service: Service,
  value: string | Uint8Array,
  contentType?: string,
): Promise<Prediction> {
  const [settled] = await service.predict([bodyOf(value, contentType)]);
  if (settled?.status !== "fulfilled") throw settled?.reason;
  return settled.value;
}

/** The text of an answer. */
export function textOf({ body }: Prediction): string {
  return new TextDecoder().decode(body);
}

/** The JSON of an answer. */
export function jsonOf(prediction: Prediction): unknown {
  return JSON.parse(textOf(prediction));
}
