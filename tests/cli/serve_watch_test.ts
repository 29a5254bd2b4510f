import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { until } from "../workload/support/workload.ts";
import {
  FREE_PORTS,
  outcome,
  type Server,
  startServer,
} from "./support/mms.ts";

const DIGITS = `${root}/fixtures/digits/onnx`;
const THREE = `${root}/fixtures/digits/images/3_three.png`;

Deno.test("mms serve --watch reads a folder again when a file of it changes", async () => {
  await using folder = await tempFolder();
  await copyDigits(folder);
  await using server = await watching(folder, "mine");
  assert.equal(await firstClass(server, "mine"), "three");
  const labels = await Deno.readTextFile(`${DIGITS}/synset.txt`);
  await folder.write("mine/synset.txt", labels.replace("three", "drei"));
  await until(
    "the new label is answered",
    async () => await firstClass(server, "mine") === "drei",
  );
});

Deno.test("mms serve --watch goes on with the old files until the new ones can be loaded", async () => {
  await using folder = await tempFolder();
  await copyDigits(folder);
  await using server = await watching(folder, "mine");
  const signature = await Deno.readTextFile(`${DIGITS}/signature.json`);
  await folder.write("mine/signature.json", "{");
  await until("it has said why", async () => {
    const log = await Deno.readTextFile(`${folder.path}/logs/mms_log.log`);
    return /\[ERROR\] .*signature\.json/.test(log);
  });
  assert.equal(await firstClass(server, "mine"), "three");
  const labels = await Deno.readTextFile(`${DIGITS}/synset.txt`);
  await folder.write("mine/synset.txt", labels.replace("three", "drei"));
  await folder.write("mine/signature.json", signature);
  await until(
    "the new label is answered",
    async () => await firstClass(server, "mine") === "drei",
  );
});

Deno.test("mms serve --watch notices an archive that is replaced", async () => {
  await using folder = await tempFolder();
  await copyDigits(folder);
  const pack = () =>
    outcome(["archive", "--model-name", "m", "--model-path", "mine", "-f"], {
      folder,
    });
  assert.equal((await pack()).code, 0);
  await using server = await watching(folder, "m.mar");
  const labels = await Deno.readTextFile(`${DIGITS}/synset.txt`);
  await folder.write("mine/synset.txt", labels.replace("three", "drei"));
  assert.equal((await pack()).code, 0);
  await until(
    "the new label is answered",
    async () => await firstClass(server, "m") === "drei",
  );
});

Deno.test("mms serve --watch refuses where there is nothing to watch", async () => {
  await using folder = await tempFolder();
  const { code, err } = await outcome(
    ["serve", ...FREE_PORTS, "--watch", "digits"],
    { folder },
  );
  assert.equal(code, 2, err);
  assert.match(
    err,
    /^Cannot watch for changes: no model is served from a file/m,
  );
});

async function copyDigits(folder: TempFolder): Promise<void> {
  for await (const { name } of Deno.readDir(DIGITS)) {
    const content = await Deno.readFile(`${DIGITS}/${name}`);
    await folder.write(`mine/${name}`, content);
  }
}

function watching(folder: TempFolder, model: string): Promise<Server> {
  return startServer(
    [
      ...[...FREE_PORTS, "--workers", "1", "--log-location", "logs"],
      ...["--watch", model],
    ],
    { folder },
  );
}

async function firstClass(server: Server, model: string): Promise<string> {
  const response = await fetch(`${server.inference}/predictions/${model}`, {
    method: "POST",
    body: await Deno.readFile(THREE),
  });
  const answer = await response.text();
  assert.equal(response.status, 200, answer);
  return JSON.parse(answer)[0].class;
}
