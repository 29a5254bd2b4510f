import { type FileHandle, open } from "node:fs/promises";
import { MmsError } from "../errors.ts";

/** `ModelProto.opset_import`, and within it `domain` and `version`; onnx.proto3. */
const OPSET_IMPORT = 8;
const DOMAIN = 1;
const VERSION = 2;

/** Wire types of protocol buffers, as their encoding guide numbers them. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** A model has a handful of fields, nearly all of its bytes in one of them. */
const MAX_FIELDS = 10_000;

/** A tag and a length, or an imported opset, are much shorter. */
const WINDOW_BYTES = 256;

/** One field of a message: its number and where its content lies. */
interface Field {
  readonly number: number;
  /** The value of a varint, else the length of the content. */
  readonly value: number;
  readonly isBytes: boolean;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the version of ONNX's own operators that a model was made for, without
 * reading its weights.
 *
 * @throws {MmsError} `invalid_archive` if the file is not an ONNX model
 */
export async function onnxOpset(path: string): Promise<number> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  let offset = 0;
  for (let i = 0; i < MAX_FIELDS && offset < size; i++) {
    const window = await readWindow(file, offset);
    const field = readField(window, 0);
    if (field === undefined) break;
    const opset = field.number === OPSET_IMPORT && field.isBytes
      ? ownOpset(window.subarray(field.start, field.end))
      : undefined;
    if (opset !== undefined) return opset;
    offset += field.end;
  }
  throw new MmsError(
    "invalid_archive",
    `Cannot export "${path}": it is not an ONNX model`,
  );
}

/** Other domains than `""` and `ai.onnx` have operators of their own. */
function ownOpset(message: Uint8Array): number | undefined {
  let domain = "";
  let version: number | undefined;
  let offset = 0;
  while (offset < message.length) {
    const field = readField(message, offset);
    if (field === undefined || field.end > message.length) return undefined;
    if (field.number === VERSION && !field.isBytes) version = field.value;
    if (field.number === DOMAIN && field.isBytes) {
      domain = new TextDecoder().decode(
        message.subarray(field.start, field.end),
      );
    }
    offset = field.end;
  }
  return domain === "" || domain === "ai.onnx" ? version : undefined;
}

function readField(bytes: Uint8Array, offset: number): Field | undefined {
  const tag = readVarint(bytes, offset);
  if (tag === undefined) return undefined;
  const number = Math.floor(tag.value / 8);
  const start = tag.end;
  switch (tag.value % 8) {
    case VARINT: {
      const varint = readVarint(bytes, start);
      return varint && { number, ...varint, isBytes: false, start };
    }
    case LENGTH: {
      const length = readVarint(bytes, start);
      return length && {
        number,
        value: length.value,
        isBytes: true,
        start: length.end,
        end: length.end + length.value,
      };
    }
    case FIXED64:
      return { number, value: 8, isBytes: true, start, end: start + 8 };
    case FIXED32:
      return { number, value: 4, isBytes: true, start, end: start + 4 };
    default:
      return undefined;
  }
}

/** Seven bits a byte, the lowest first; at most ten bytes. */
function readVarint(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: offset + i + 1 };
  }
  return undefined;
}

async function readWindow(
  file: FileHandle,
  offset: number,
): Promise<Uint8Array> {
  const window = new Uint8Array(WINDOW_BYTES);
  const { bytesRead } = await file.read(window, 0, window.length, offset);
  return window.subarray(0, bytesRead);
}
