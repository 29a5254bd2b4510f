import { basename } from "node:path";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { MmsError } from "../errors.ts";
import {
  DATA_TYPES,
  type DataType,
  type Feeds,
  type Tensor,
} from "../tensor/mod.ts";
import type { Engine, GraphValue, Session, SessionOptions } from "./engine.ts";
import { prepareNativeLibrary } from "./native_library.ts";
import { loadError, runError } from "./onnx_errors.ts";

type Runtime = typeof import("onnxruntime-node");

const KNOWN_TYPES: ReadonlySet<string> = new Set(DATA_TYPES);

/** Only what ends a session is worth a line of ONNX Runtime's own. */
const LOG_FATAL = 4;

/**
 * Returns the engine that runs graphs with ONNX Runtime on the CPU. The native
 * library is loaded with the first graph.
 */
export function onnxEngine(): Engine {
  return { load: loadGraph };
}

async function loadGraph(
  path: string,
  options: SessionOptions,
): Promise<Session> {
  const runtime = await importRuntime();
  const session = await createSession(runtime, path, options);
  try {
    return new OnnxSession(runtime, session, path);
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function importRuntime(): Promise<Runtime> {
  // Read when the library loads: 1.29 and later report usage otherwise.
  Deno.env.set("ORT_DISABLE_TELEMETRY", "1");
  await prepareNativeLibrary();
  const runtime = await import("onnxruntime-node");
  runtime.env.logLevel = "fatal";
  keepHalfBits(runtime);
  return runtime;
}

/**
 * Deno hands a Float16Array to native code as an empty buffer. Where there is
 * no such array the runtime takes Uint16Array for float16, and it looks once,
 * with the first tensor.
 */
function keepHalfBits(runtime: Runtime): void {
  const property = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  if (property === undefined) return;
  Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    new runtime.Tensor("float16", new Uint16Array(1), [1]);
  } finally {
    Object.defineProperty(globalThis, "Float16Array", property);
  }
}

async function createSession(
  runtime: Runtime,
  path: string,
  options: SessionOptions,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(path, {
      executionProviders: ["cpu"],
      executionMode: "sequential",
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      logSeverityLevel: LOG_FATAL,
    });
  } catch (error) {
    throw await loadError(error, path);
  }
}

class OnnxSession implements Session {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #path: string;

  constructor(runtime: Runtime, session: InferenceSession, path: string) {
    this.#runtime = runtime;
    this.#session = session;
    this.#path = path;
    this.inputs = session.inputMetadata.map((v) => graphValue(v, path));
    this.outputs = session.outputMetadata.map((v) => graphValue(v, path));
  }

  async run(feeds: Feeds): Promise<Feeds> {
    const results = await this.#run(toRuntime(this.#runtime, feeds));
    return Object.fromEntries(
      this.outputs.map(({ name }) => [name, fromRuntime(results[name]!)]),
    );
  }

  async #run(
    feeds: Record<string, OrtTensor>,
  ): Promise<InferenceSession.OnnxValueMapType> {
    try {
      return await this.#session.run(feeds);
    } catch (error) {
      throw runError(error, basename(this.#path));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

function graphValue(
  metadata: InferenceSession.ValueMetadata,
  path: string,
): GraphValue {
  if (!metadata.isTensor || !KNOWN_TYPES.has(metadata.type)) {
    const type = metadata.isTensor ? metadata.type : "not a tensor";
    throw new MmsError(
      "invalid_model",
      `Cannot use graph "${path}": its value "${metadata.name}" is ${type}, only tensors of ${
        DATA_TYPES.join(", ")
      } can be fed and answered`,
    );
  }
  return {
    name: metadata.name,
    type: metadata.type as DataType, // checked just above
    shape: metadata.shape.map((extent, axis) =>
      typeof extent === "number" && extent >= 0
        ? extent
        : String(extent) || `axis${axis}`
    ),
  };
}

function toRuntime(
  runtime: Runtime,
  feeds: Feeds,
): Record<string, OrtTensor> {
  const result: Record<string, OrtTensor> = {};
  for (const [name, tensor] of Object.entries(feeds)) {
    // The runtime's overloads pair each type with its array, as `Tensor` does.
    result[name] = new runtime.Tensor(
      tensor.type as "float32",
      tensor.data as Float32Array,
      tensor.shape,
    );
  }
  return result;
}

function fromRuntime(value: OrtTensor): Tensor {
  // `graphValue` has let only types of ours through, with the arrays of ours.
  return { type: value.type, shape: value.dims, data: value.data } as Tensor;
}
