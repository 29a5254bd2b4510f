import assert from "node:assert/strict";
import {
  attempts,
  CONTROL,
  escapingService,
  REFUSED,
} from "../service/custom/support/escapes.ts";
import { customFolder } from "../service/custom/support/custom_model.ts";
import { onnxFiles } from "../support/model_folder.ts";
import { runBinary } from "../support/binary.ts";
import { tempFolder } from "../support/temp.ts";
import { assertDone, emptyMachine, serve } from "./machine.ts";

Deno.test("in the binary a service cannot get at", async (t) => {
  await using machine = await tempFolder();
  const path = await machine.write("secret.txt", "nobody's business");
  const secret = { path, text: "nobody's business" };
  await using folder = await customFolder("service.js", {
    "service.js": escapingService(secret),
  });
  await Deno.symlink(path, `${folder.path}/link.txt`);
  const options = await emptyMachine(machine);
  await using server = await serve([`custom=${folder.path}`], options);
  const got = async (number: number): Promise<unknown> => {
    const response = await fetch(`${server.address}/predictions/custom`, {
      method: "POST",
      body: String(number),
    });
    const answer = await response.json();
    return response.status === 200 ? answer.got : "";
  };
  const all = attempts(secret);
  for (const [i, { name }] of all.entries()) {
    await t.step(name, async () => assert.equal(await got(i), ""));
  }
  await t.step(`more than ${CONTROL.name}`, async () => {
    assert.equal(await got(all.length), "out");
  });
});

Deno.test("in the binary a service is not loaded that has", async (t) => {
  await using machine = await tempFolder();
  const options = await emptyMachine(machine);
  for (const { name, module, says } of REFUSED) {
    await t.step(name, async () => {
      await using folder = await customFolder("service.js", {
        "service.js": module,
        "beside.js": "export default 1;",
      });
      for (const ending of ["js", "json"]) {
        const target = await machine.write(`outside.${ending}`, "1");
        await Deno.symlink(target, `${folder.path}/link.${ending}`);
        await Deno.writeTextFile(`${folder.path}/../outside.${ending}`, "1");
      }
      const input = await folder.write("input.json", "1");
      const { code, err } = await runBinary(
        ["predict", "--model", folder.path, input],
        options,
      );
      assert.equal(code, 1);
      assert.match(err, says);
    });
  }
});

Deno.test("the binary packs TypeScript, and runs it", async () => {
  await using machine = await tempFolder();
  const options = await emptyMachine(machine);
  await using folder = await customFolder("service.ts", {
    ...onnxFiles(),
    "service.ts": `
import { JsonService, type Request } from "mms";
import { twice } from "./lib/twice.ts";
export class Twice extends JsonService {
  override async postprocess(outputs: { out: { data: Float32Array } }, request: Request) {
    return { names: request.names, twice: twice(outputs.out.data) };
  }
}
`,
    "lib/twice.ts":
      "export const twice = (it: Float32Array): number[] => Array.from(it, (value) => value * 2);",
    "input.json": [[1, 2, 3, 4]],
  });
  const args = ["--model-name", "twice", "--model-path", folder.path];
  assertDone(
    await runBinary(
      ["archive", ...args, "--handler", "service.ts"],
      options,
    ),
  );
  const answer = assertDone(
    await runBinary([
      ...["predict", "--model", "twice.mar", "--json"],
      `${folder.path}/input.json`,
    ], options),
  );
  assert.deepEqual(JSON.parse(answer), {
    names: ["body"],
    twice: [2, 4, 6, 8],
  });
});
