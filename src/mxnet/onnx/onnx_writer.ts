import type { ByteSink } from "../byte_source.ts";
import { invalidModel } from "../conversion_error.ts";
import { onnxTypeOf } from "../element_type.ts";
import type {
  OnnxAttribute,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from "./model.ts";
import { ProtoMessage } from "./protobuf.ts";

/** The version of the operators that graphs use. */
export const ONNX_OPSET = 17;
/** The version of the file format. */
export const ONNX_IR = 8;

const PRODUCER = "mms";
const MAX_PROTOBUF_BYTES = 2 ** 31 - 1;
const BUFFER_BYTES = 1 << 16;
const EXTERNAL = 1;

/**
 * Writes a model as `ModelProto` (onnx.proto, proto2); tensors that are made
 * late are never in memory whole.
 *
 * @throws {MmsError} `invalid_model` if it would take 2 GiB or more
 */
export async function writeOnnx(
  model: OnnxModel,
  sink: ByteSink,
): Promise<void> {
  const message = modelMessage(model);
  if (message.length > MAX_PROTOBUF_BYTES) {
    throw invalidModel(
      `Cannot write the graph: it takes ${message.length} bytes, ONNX allows 2 GiB`,
    );
  }
  let buffer = new Uint8Array(BUFFER_BYTES);
  let used = 0;
  for (const part of message.parts) {
    const chunks = part instanceof Uint8Array ? [part] : part.read();
    for await (const chunk of chunks) {
      if (used + chunk.length > BUFFER_BYTES) {
        await sink.write(buffer.subarray(0, used));
        buffer = new Uint8Array(BUFFER_BYTES);
        used = 0;
      }
      if (chunk.length > BUFFER_BYTES) {
        await sink.write(chunk);
      } else {
        buffer.set(chunk, used);
        used += chunk.length;
      }
    }
  }
  await sink.write(buffer.subarray(0, used));
}

function modelMessage(model: OnnxModel): ProtoMessage {
  const message = new ProtoMessage()
    .int(1, ONNX_IR)
    .string(2, PRODUCER)
    .message(7, graphMessage(model))
    .message(8, new ProtoMessage().string(1, "").int(2, ONNX_OPSET));
  for (const [key, value] of Object.entries(model.metadata)) {
    message.message(14, entryMessage(key, value));
  }
  return message;
}

function graphMessage(model: OnnxModel): ProtoMessage {
  const message = new ProtoMessage();
  for (const node of model.nodes) message.message(1, nodeMessage(node));
  message.string(2, model.name);
  for (const tensor of model.initializers) {
    message.message(5, tensorMessage(tensor));
  }
  for (const input of model.inputs) message.message(11, valueMessage(input));
  for (const output of model.outputs) message.message(12, valueMessage(output));
  return message;
}

function nodeMessage(node: OnnxNode): ProtoMessage {
  const message = new ProtoMessage();
  for (const input of node.inputs) message.string(1, input);
  for (const output of node.outputs) message.string(2, output);
  message.string(3, node.name).string(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, attributeMessage(name, value));
  }
  return message;
}

function attributeMessage(name: string, value: OnnxAttribute): ProtoMessage {
  const message = new ProtoMessage().string(1, name);
  if ("float" in value) return message.float(2, value.float).int(20, 1);
  if ("int" in value) return message.int(3, value.int).int(20, 2);
  if ("string" in value) return message.string(4, value.string).int(20, 3);
  if ("tensor" in value) {
    return message.message(5, tensorMessage(value.tensor)).int(20, 4);
  }
  if ("floats" in value) {
    for (const number of value.floats) message.float(7, number);
    return message.int(20, 6);
  }
  if ("ints" in value) return message.ints(8, value.ints).int(20, 7);
  for (const text of value.strings) message.string(9, text);
  return message.int(20, 8);
}

function tensorMessage(tensor: OnnxTensor): ProtoMessage {
  const message = new ProtoMessage()
    .ints(1, tensor.shape)
    .int(2, onnxTypeOf(tensor.type))
    .string(8, tensor.name);
  const { content } = tensor;
  if (!("location" in content)) return message.bytes(9, content);
  return message
    .message(13, entryMessage("location", content.location))
    .message(13, entryMessage("offset", String(content.offset)))
    .message(13, entryMessage("length", String(content.length)))
    .int(14, EXTERNAL);
}

function valueMessage(value: OnnxValueInfo): ProtoMessage {
  const shape = new ProtoMessage();
  for (const extent of value.shape) {
    const dimension = typeof extent === "number"
      ? new ProtoMessage().int(1, extent)
      : new ProtoMessage().string(2, extent);
    shape.message(1, dimension);
  }
  const tensor = new ProtoMessage().int(1, onnxTypeOf(value.type))
    .message(2, shape);
  return new ProtoMessage().string(1, value.name)
    .message(2, new ProtoMessage().message(1, tensor));
}

function entryMessage(key: string, value: string): ProtoMessage {
  return new ProtoMessage().string(1, key).string(2, value);
}
