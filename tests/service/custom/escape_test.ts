import assert from "node:assert/strict";
import {
  ask,
  customFolder,
  jsonOf,
  loadCustom,
} from "./support/custom_model.ts";
import { attempts, escapingService, REFUSED } from "./support/escapes.ts";
import { onnxFiles } from "../../support/model_folder.ts";
import { tempFolder } from "../../support/temp.ts";
import { openFolder } from "../../../src/archive/mod.ts";
import { loadService } from "../../../src/service/mod.ts";

Deno.test("a service cannot get at", async (t) => {
  await using outside = await tempFolder();
  const text = "nobody's business";
  const path = await outside.write("secret.txt", text);
  const secret = { path, text };
  await using folder = await customFolder("service.js", {
    "service.js": escapingService(secret),
  });
  await Deno.symlink(path, `${folder.path}/link.txt`);
  const archive = await openFolder(folder.path);
  await using service = await loadService(archive, { threads: 1 });
  for (const [i, { name }] of attempts(secret).entries()) {
    await t.step(name, async () => {
      const answer = await ask(service, String(i)).then(
        jsonOf,
        () => ({ got: "" }),
      );
      assert.deepEqual(answer, { got: "" });
    });
  }
  await t.step("more than itself", async () => {
    const control = String(attempts(secret).length);
    assert.deepEqual(jsonOf(await ask(service, control)), { got: "out" });
  });
});

Deno.test("a service is not loaded that has", async (t) => {
  await using outside = await tempFolder();
  for (const { name, module, says } of REFUSED) {
    await t.step(name, async () => {
      await using folder = await customFolder("service.js", {
        "service.js": module,
        "beside.js": "export default 1;",
      });
      for (const ending of ["js", "json"]) {
        const target = await outside.write(`outside.${ending}`, "1");
        await Deno.symlink(target, `${folder.path}/link.${ending}`);
        await folder.write(`../outside.${ending}`, "1");
      }
      const archive = await openFolder(folder.path);
      await assert.rejects(loadService(archive, { threads: 1 }), {
        code: "invalid_model",
        message: says,
      });
    });
  }
});

Deno.test("a service shares no memory with the worker, which gets a copy", async () => {
  await using service = await loadCustom("service.js", {
    ...onnxFiles(),
    "service.js": `
export async function handle(data, context) {
  const options = { initial: 1, maximum: 1, shared: true };
  const shared = new Float32Array(new WebAssembly.Memory(options).buffer, 0, 4);
  const feeds = { data: { type: "float32", shape: [1, 4], data: shared } };
  const { out } = await context.run(feeds);
  return data[0].text() === "run" ? [out.shape] : [new Uint8Array(shared.buffer, 0, 4)];
}
`,
  });
  assert.deepEqual(jsonOf(await ask(service, "run")), [1, 4]);
  assert.deepEqual((await ask(service, "answer")).body, new Uint8Array(4));
});

Deno.test("a service that gives no plain data fails, and goes on", async () => {
  await using service = await loadCustom("service.js", {
    ...onnxFiles(),
    "service.js": `
export class Rude {
  preprocess(request) {
    const data = new Float32Array(4);
    if (request.text() === "x") return { data: { type: "float32", shape: [1, 4], data } };
    return { data: { type: "float32", shape: [1, 4], data: () => data } };
  }
}
`,
  });
  await assert.rejects(ask(service, "y"), { code: "prediction_failed" });
  assert.deepEqual(jsonOf(await ask(service, "x")), [[[0, 0, 0, 0]]]);
});

Deno.test("what a service does to its own world stays there", async () => {
  await using service = await loadCustom("service.js", {
    "service.js": `
export const handle = () => {
  Object.prototype.polluted = "yes";
  Array.prototype.map = () => ["all mine"];
  return [{ fine: true }];
};
`,
  });
  await ask(service, "x").catch(() => {});
  assert.equal(Reflect.get({}, "polluted"), undefined);
  assert.deepEqual([1].map((it) => it + 1), [2]);
});
