import assert from "node:assert/strict";
import { PACKAGE_FILES } from "../../src/workload/python/package_files.ts";
import { tempFolder } from "../support/temp.ts";
import { outcome } from "./support/mms.ts";

Deno.test("mms python --path", async (t) => {
  await using folder = await tempFolder();

  await t.step("prints the folder that the package is kept in", async () => {
    const args = ["python", "--path", "--cache-dir", "cache"];
    const { code, out, err } = await outcome(args, { folder });
    assert.equal(code, 0, err);
    const path = out.trimEnd();
    assert.ok(path.startsWith(`${folder.path}/cache/`), path);
    for (const file of ["mms/export_model.py", "mms/version.py"]) {
      const text = await Deno.readTextFile(`${path}/${file}`);
      assert.equal(text, PACKAGE_FILES[file]);
    }
    const again = await outcome(args, { folder });
    assert.equal(again.out, out);
  });

  await t.step("refuses a cache that it cannot keep it in", async () => {
    const file = await folder.write("file", "");
    const { code, out, err } = await outcome(
      ["python", "--path", "--cache-dir", file],
      { folder },
    );
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      /Cannot keep the Python package: the cache ".*file" cannot be used, --cache-dir names another folder\n$/,
    );
  });

  await t.step("is the only thing that it does", async () => {
    const { code, err } = await outcome(["python"], { folder });
    assert.equal(code, 2);
    assert.match(err, /required option '--path' not specified/);
  });
});
