import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { closeConnection } from "../../src/workload/process/close_connection.ts";
import { connectTo } from "../../src/workload/worker/connect.ts";
import { FrameWriter } from "../../src/workload/protocol/frame_writer.ts";
import { Rendezvous } from "../../src/workload/process/rendezvous.ts";
import { appendHello } from "../../src/workload/protocol/replies.ts";
import { tempFolder } from "../support/temp.ts";

const hasUnixSockets = Deno.build.os !== "windows";

async function greet(address: string, secret: string): Promise<Deno.Conn> {
  const connection = await connectTo(address);
  const writer = new FrameWriter(connection);
  appendHello(writer, secret);
  await writer.flush();
  return connection;
}

Deno.test("Rendezvous", async (t) => {
  await t.step("meets who knows the secret", async () => {
    await using place = await Rendezvous.open();
    const [met, worker] = await Promise.all([
      place.meet(1000),
      greet(place.address, place.secret),
    ]);
    await worker.write(new Uint8Array([1]));
    const bytes = new Uint8Array(1);
    await met.connection.read(bytes);
    assert.deepEqual(bytes, new Uint8Array([1]));
    worker.close();
    met.connection.close();
  });

  await t.step("turns away who does not, and goes on waiting", async () => {
    await using place = await Rendezvous.open();
    const meeting = place.meet(1000);
    const stranger = await greet(place.address, place.secret.slice(1) + "0");
    assert.equal(await stranger.read(new Uint8Array(1)), null);
    stranger.close();
    const rude = await connectTo(place.address);
    await rude.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    // Closed with something unread, a connection may end in a reset.
    assert.equal(await rude.read(new Uint8Array(1)).catch(() => null), null);
    rude.close();
    const worker = await greet(place.address, place.secret);
    const met = await meeting;
    worker.close();
    met.connection.close();
  });

  await t.step(
    "ends the wait when it is closed, also with a visitor",
    async () => {
      const place = await Rendezvous.open();
      const ended = assert.rejects(place.meet(1000));
      const silent = await connectTo(place.address);
      await place[Symbol.asyncDispose]();
      await ended;
      closeConnection(silent);
    },
  );

  if (hasUnixSockets) {
    await t.step("is open to nobody else, and leaves no trace", async () => {
      const place = await Rendezvous.open();
      const path = place.address.replace(/^unix:/, "");
      const { mode } = await Deno.stat(dirname(path));
      assert.equal(mode! & 0o777, 0o700);
      await place[Symbol.asyncDispose]();
      await assert.rejects(Deno.stat(dirname(path)), Deno.errors.NotFound);
    });
  }

  await t.step("takes a port where the folder's path is too long", async () => {
    await using folder = await tempFolder();
    const deep = join(folder.path, "d".repeat(100));
    await Deno.mkdir(deep);
    await using place = await Rendezvous.open(deep);
    assert.match(place.address, /^tcp:\d+$/);
    const [met, worker] = await Promise.all([
      place.meet(1000),
      greet(place.address, place.secret),
    ]);
    worker.close();
    met.connection.close();
  });
});
