import type { Frame } from "../../../src/workload/protocol/frame.ts";
import { FrameReader } from "../../../src/workload/protocol/frame_reader.ts";
import { FrameWriter } from "../../../src/workload/protocol/frame_writer.ts";
import { Bytes, joined } from "./pipe.ts";

const encoder = new TextEncoder();

/** The bytes of what `append` appends. */
export async function written(
  append: (writer: FrameWriter) => void,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const writer = new FrameWriter({
    write(bytes) {
      parts.push(bytes.slice());
      return Promise.resolve(bytes.length);
    },
  });
  append(writer);
  await writer.flush();
  return joined(parts);
}

/** The frame that `append` appends, as the other side reads it. */
export async function crossed(
  append: (writer: FrameWriter) => void,
): Promise<Frame> {
  const bytes = await written(append);
  const frames = await new FrameReader(new Bytes(bytes), 1 << 20).receive();
  return frames![0]!;
}

/** A frame made by hand, with whatever sizes it claims to have. */
export function rawFrame(
  header: string | Uint8Array,
  body: Uint8Array = new Uint8Array(),
  claims: { readonly header?: number; readonly body?: number } = {},
): Uint8Array {
  const text = typeof header === "string" ? encoder.encode(header) : header;
  const prefix = new Uint8Array(8);
  const view = new DataView(prefix.buffer);
  view.setUint32(0, claims.header ?? text.length, true);
  view.setUint32(4, claims.body ?? body.length, true);
  return joined([prefix, text, body]);
}
