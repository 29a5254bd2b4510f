/**
 * A worker that breaks the protocol in the way that its first argument says,
 * the last being where to connect to.
 */

import { connectTo } from "../../../src/workload/worker/connect.ts";
import { MAX_BODY_BYTES } from "../../../src/workload/protocol/frame.ts";
import { FrameReader } from "../../../src/workload/protocol/frame_reader.ts";
import { FrameWriter } from "../../../src/workload/protocol/frame_writer.ts";
import { readSecret } from "../../../src/workload/worker/lifeline.ts";
import {
  appendHello,
  appendLoaded,
} from "../../../src/workload/protocol/replies.ts";

const [manner] = Deno.args;
const secret = await readSecret();

if (manner === "never connects") await forLong();
if (manner === "leaves before it connects") Deno.exit(0);

const connection = await connectTo(Deno.args.at(-1)!);
const writer = new FrameWriter(connection);
const reader = new FrameReader(connection, MAX_BODY_BYTES);

if (manner === "says nothing") await forLong();
appendHello(writer, manner === "knows another secret" ? "x" : secret);
await writer.flush();
await reader.receive();

if (manner === "answers load with noise") {
  await connection.write(crypto.getRandomValues(new Uint8Array(64)));
} else if (manner === "hangs up instead of loading") {
  connection.close();
} else {
  appendLoaded(writer, 0);
  await writer.flush();
}

for (;;) {
  const frames = await reader.receive();
  if (frames === undefined) Deno.exit(0);
  for (const { header } of frames) answer(header as { readonly id: number });
  await writer.flush();
}

function forLong(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 60_000));
}

/** The front numbers its batches. */
function answer({ id }: { readonly id: number }): void {
  const one = { length: 0 };
  const predicted = { type: "predicted", ms: 0 };
  switch (manner) {
    case "answers another batch":
      return append({ ...predicted, id: id + 1, answers: [one] });
    case "answers too often":
      append({ ...predicted, id, answers: [one] });
      return append({ ...predicted, id, answers: [one] });
    case "answers for more requests":
      return append({ ...predicted, id, answers: [one, one] });
    case "answers for fewer requests":
      return append({ ...predicted, id, answers: [] });
    case "claims bytes that are not there":
      return append({ ...predicted, id, answers: [{ length: 1e9 }] });
    case "sends too large a body":
      return writer.append("{}", [new Uint8Array(1 << 20)]);
    case "hangs up":
      return connection.close();
  }
}

function append(header: unknown): void {
  writer.append(JSON.stringify(header), []);
}
