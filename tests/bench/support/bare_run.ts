/**
 * The control of the server's start: loads a graph with ONNX Runtime alone and
 * runs it once on zeros, `[1, 3, 224, 224]`.
 *
 * @module
 */

import { InferenceSession, Tensor } from "onnxruntime-node";

const session = await InferenceSession.create(Deno.args[0]!, {
  intraOpNumThreads: 1,
});
await session.run({
  [session.inputNames[0]!]: new Tensor(
    "float32",
    new Float32Array(3 * 224 * 224),
    [1, 3, 224, 224],
  ),
});
