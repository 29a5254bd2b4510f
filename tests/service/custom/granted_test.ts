import assert from "node:assert/strict";
import { FREE_PORTS, startServer } from "../../cli/support/mms.ts";
import { tempFolder } from "../../support/temp.ts";
import { customFolder } from "./support/custom_model.ts";

/** Fetches what it is told to. */
const FETCHING = `
export async function handle(data) {
  try {
    return [await (await fetch(data[0].text())).text()];
  } catch (error) {
    return [error.name];
  }
}
`;

Deno.test("a service fetches from where the settings let it, and nowhere else", async () => {
  const [ours, other] = [answering("ours"), answering("other")];
  await using folder = await customFolder("service.js", {
    "service.js": FETCHING,
  });
  await using place = await tempFolder();
  const ask = async (settings: readonly string[], url: string) => {
    await using server = await startServer([
      ...[`it=${folder.path}`, "--workers", "1", ...FREE_PORTS, ...settings],
    ], { folder: place });
    const response = await fetch(`${server.inference}/predictions/it`, {
      method: "POST",
      body: url,
    });
    return await response.text();
  };
  const granted = ["--service-net", `127.0.0.1:${ours.port}`];
  assert.equal(await ask(granted, ours.url), "ours");
  assert.equal(await ask(granted, other.url), "NotCapable");
  assert.equal(await ask([], ours.url), "ReferenceError");
  await Promise.all([ours.stop(), other.stop()]);
});

/** A server that says one thing. */
function answering(text: string) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(text),
  );
  const { port } = server.addr;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    stop: () => server.shutdown(),
  };
}
