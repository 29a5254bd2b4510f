import type { Signature } from "../archive/mod.ts";
import { onnxEngine, type Session } from "../engine/mod.ts";
import { bindSignature } from "./binding.ts";

/**
 * Returns the signature that a graph has by itself: its own inputs and
 * outputs, with what callers send guessed from the shape of its input.
 *
 * @throws {MmsError} `invalid_model` if the file is not a graph that runs
 */
export async function graphSignature(path: string): Promise<Signature> {
  await using session = await onnxEngine().load(path, { threads: 1 });
  return signatureOf(session);
}

function signatureOf(session: Session): Signature {
  const { inputs, inputType, outputType, top } = bindSignature(
    undefined,
    session,
  );
  return {
    inputs: inputs.map(({ name, shape, type, preprocess }) => ({
      name,
      shape,
      dataType: type,
      preprocess,
    })),
    inputType,
    outputs: session.outputs.map(({ name, shape }) => ({
      name,
      shape: shape.map((extent) => typeof extent === "number" ? extent : 0),
      softmax: false,
    })),
    outputType,
    top,
  };
}
