import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import { FREE_PORTS, startServer } from "../../cli/support/mms.ts";
import { tempFolder } from "../../support/temp.ts";
import { customFolder, customManifest } from "./support/custom_model.ts";

/** A service that can be told to misbehave. */
const RUDE = `
const hoard = [];
export async function handle(data) {
  switch (data[0].text()) {
    case "loop":
      for (;;);
    case "wait":
      await new Promise(() => {});
    case "hoard":
      for (;;) hoard.push(new Uint8Array(1 << 24).fill(1));
    case "stack": {
      const deeper = () => deeper() + 1;
      deeper();
    }
    case "throw":
      throw new TypeError("on purpose");
    case "stray":
      void Promise.reject(new Error("left alone"));
      return ["stray"];
    case "huge":
      return [new Uint8Array(1 << 27)];
    case "list":
      return "none";
    case "two":
      return [1, 2];
    case "function":
      return [() => 1];
    case "break":
      Promise.prototype.then = () => {};
      Object.prototype.polluted = true;
      return ["broken"];
    case "lines":
      console.log("a\\nb");
      console.error("c");
      return ["said"];
  }
  return ["fine"];
}
`;

/** What a server answered. */
interface Answered {
  readonly status: number;
  readonly text: string;
}

Deno.test("a service that", async (t) => {
  await using place = await tempFolder();
  await using rude = await customFolder("service.js", { "service.js": RUDE });
  await using polite = await customFolder("service.js", {
    "MAR-INF/MANIFEST.json": customManifest("service.js", "polite"),
    "service.js": `export const handle = (data) => data.map(() => "polite");`,
  });
  const server = await startServer([
    ...[`rude=${rude.path}`, `polite=${polite.path}`, "--workers", "1"],
    ...["--default-response-timeout-seconds", "3", ...FREE_PORTS],
    ...["--worker-memory-limit", "300000000"],
  ], { folder: place });
  const ask = async (model: string, body: string): Promise<Answered> => {
    const response = await fetch(`${server.inference}/predictions/${model}`, {
      method: "POST",
      body,
    });
    return { status: response.status, text: await response.text() };
  };
  const expect = async (body: string, status: number, says: RegExp) => {
    const [answer, other] = await Promise.all([
      ask("rude", body),
      ask("polite", "x"),
    ]);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, says);
    assert.deepEqual(other, { status: 200, text: "polite" });
    assert.deepEqual(await ask("rude", "x"), { status: 200, text: "fine" });
  };

  const cases: readonly [string, string, number, RegExp][] = [
    ["loops for ever is ended", "loop", 504, /Prediction timed out/],
    ["waits for ever is ended", "wait", 504, /Prediction timed out/],
    ["allocates without end is ended", "hoard", 507, /Out of resources/],
    ["runs out of stack fails alone", "stack", 503, /Prediction failed/],
    ["throws fails alone", "throw", 503, /Prediction failed/],
    ["leaves a failure alone goes on", "stray", 200, /stray/],
    ["answers too much is told so", "huge", 507, /at most 6553500/],
    ["returns no list is told so", "list", 503, /Invalid model predict output/],
    ["returns too many answers is told so", "two", 503, /mismatched/],
    [
      "returns what is no answer is told so",
      "function",
      503,
      /Unsupported model output/,
    ],
    ["writes lines is logged", "lines", 200, /said/],
  ];
  for (const [name, body, status, says] of cases) {
    await t.step(name, () => expect(body, status, says));
  }

  await t.step("breaks its own world has it to itself", async () => {
    await ask("rude", "break");
    assert.deepEqual(await ask("polite", "x"), { status: 200, text: "polite" });
    await until(() => ask("rude", "x"), ({ status }) => status === 200);
  });

  const { err } = await server.end("SIGTERM");
  await t.step("throws is logged with file, line and code", () => {
    assert.match(
      err,
      /W-rude-1-stderr .*TypeError: on purpose, at service\.js:16:13: throw new TypeError\("on purpose"\);/,
    );
    assert.match(err, /left alone, at service\.js:18:27: void Promise\.reject/);
  });
});

Deno.test("a service that cannot be loaded is described with the reason", async () => {
  await using place = await tempFolder();
  await using folder = await customFolder("service.ts", {
    "service.ts": "const a: number = 1;\nexport const handle = lost + a;\n",
  });
  await using server = await startServer(
    ["--model-store", dirname(folder.path), ...FREE_PORTS],
    { folder: place },
  );
  const query = `url=${
    basename(folder.path)
  }&model_name=lost&initial_workers=1&synchronous=false`;
  const registered = await fetch(`${server.management}/models?${query}`, {
    method: "POST",
  });
  assert.equal(registered.status, 202, await registered.text());
  const describe = async (): Promise<{ status: string; reason?: string }> =>
    await (await fetch(`${server.management}/models/lost`)).json();
  const { status, reason } = await until(
    describe,
    (it) => it.reason !== undefined,
  );
  assert.equal(status, "FAILED");
  assert.match(
    reason ?? "",
    /Cannot load "service\.ts": ReferenceError: lost is not defined, at service\.ts:2:23: export const handle = lost \+ a;/,
  );
});

/** Asks again and again until something is so, 10 s at most. */
async function until<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    assert.ok(performance.now() < end, JSON.stringify(seen));
  }
}
