import assert from "node:assert/strict";
import { HttpClient } from "../server/support/http_client.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { FREE_PORTS, type Server, startServer } from "./support/mms.ts";

const DIGITS = `${root}/fixtures/digits/onnx`;
const CALLERS = 16;

/** What became of the requests of one caller. */
interface Fate {
  answered: number;
  /** Requests that were sent, on a connection that was there, for nothing. */
  lost: number;
}

/** Sends requests one after the other until the server takes no more connections. */
async function callUntilRefused(
  server: Server,
  body: Uint8Array,
): Promise<Fate> {
  const { hostname, port } = new URL(server.inference);
  const fate: Fate = { answered: 0, lost: 0 };
  for (;;) {
    const connection = await Deno.connect({ hostname, port: Number(port) })
      .catch(() => undefined);
    if (connection === undefined) return fate;
    using client = new HttpClient(connection);
    for (let isKept = true; isKept;) {
      try {
        const { status, headers } = await client.ask("POST /predictions/d", {
          body,
        });
        assert.equal(status, 200);
        fate.answered++;
        isKept = headers.get("connection") !== "close";
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        fate.lost++;
        isKept = false;
      }
    }
  }
}

Deno.test("mms serve answers every request that it was sent before it ends", async () => {
  await using folder = await tempFolder();
  await using server = await startServer(
    [...FREE_PORTS, "--workers", "1", "--log-level", "warning", `d=${DIGITS}`],
    { folder },
  );
  const body = await Deno.readFile(
    `${root}/fixtures/digits/images/3_three.png`,
  );
  const calls = Array.from(
    { length: CALLERS },
    () => callUntilRefused(server, body),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { code, err } = await server.end("SIGTERM");
  assert.equal(code, 0, err);
  const fates = await Promise.all(calls);
  const sum = (key: keyof Fate) =>
    fates.reduce((total, fate) => total + fate[key], 0);
  assert.ok(sum("answered") > CALLERS, `${sum("answered")} answers`);
  assert.equal(sum("lost"), 0);
});
