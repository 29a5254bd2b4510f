import assert from "node:assert/strict";
import {
  ask,
  customFolder,
  jsonOf,
  loadCustom,
} from "./support/custom_model.ts";
import { attempts, escapingService, REFUSED } from "./support/escapes.ts";
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

Deno.test("what a service does to its own world stays there", async (t) => {
  await using service = await loadCustom("service.js", {
    "service.js": `
Object.prototype.polluted = "yes";
Object.prototype.status = 599;
Array.prototype.map = () => ["all mine"];
export const handle = () => [{ fine: true }];
`,
  }).catch(() => undefined) ?? await loadCustom("service.js", {
    "service.js": "export const handle = () => [{ fine: true }];",
  });
  await t.step("polluted prototypes", async () => {
    await ask(service, "x").catch(() => {});
    assert.equal(Reflect.get({}, "polluted"), undefined);
    assert.deepEqual([1].map((it) => it + 1), [2]);
  });
});
