import assert from "node:assert/strict";
import {
  importsOf,
  importViolations,
  lateImportViolations,
  purityViolations,
} from "./support/layers.ts";
import { root } from "./support/paths.ts";
import { tempFolder } from "./support/temp.ts";

Deno.test("every import of main.ts and src keeps to the layers", async () => {
  const imports = await importsOf(root, ["main.ts", ...await modules()]);
  assert.ok(imports.length > 50, "the graph is read");
  assert.deepEqual(importViolations(imports), []);
  assert.deepEqual(await purityViolations(root, imports), []);
});

Deno.test("every late import is of the module that its type names", async () => {
  const found = [];
  for (const file of await modules()) {
    const source = await Deno.readTextFile(`${root}/${file}`);
    found.push(...lateImportViolations(file, source));
  }
  assert.deepEqual(found, []);
});

Deno.test("a late import of another module than its type is found", () => {
  const source = (type: string) =>
    `await import(import.meta.resolve("./a.ts"))${type};`;
  const found = (type: string) => lateImportViolations("x.ts", source(type));
  assert.deepEqual(found(` as typeof import("./a.ts")`), []);
  assert.deepEqual(found(` as typeof import("./b.ts")`), [
    "x.ts imports ./a.ts as ./b.ts",
  ]);
  assert.deepEqual(found(""), ["x.ts imports ./a.ts as anything"]);
});

Deno.test("the rules of the layers", async (t) => {
  await t.step("let a tree pass that keeps them", async () => {
    assert.deepEqual(
      await violationsOf({
        "main.ts": `import "./src/cli/mod.ts";`,
        "src/cli/mod.ts": `import "./run.ts";`,
        "src/cli/run.ts": `import "../errors.ts"; import "../tensor/mod.ts";`,
        "src/log/mod.ts": `import "../errors.ts";`,
        "src/errors.ts": `import "node:path";`,
        "src/tensor/mod.ts": `import "../errors.ts"; import "../log/mod.ts";`,
      }),
      [],
    );
  });

  await t.step("forbid an import to the left", async () => {
    assert.deepEqual(
      await violationsOf({
        "main.ts": `import "./src/engine/mod.ts";`,
        "src/engine/mod.ts": `import type {} from "../archive/mod.ts";`,
        "src/archive/mod.ts": `export {};`,
      }),
      [
        "main.ts imports src/engine/mod.ts, but engine is not to its right",
        "src/engine/mod.ts imports src/archive/mod.ts, but archive is not to its right",
      ],
    );
  });

  await t.step("forbid leaves to import a layer", async () => {
    assert.deepEqual(
      await violationsOf({
        "main.ts": `import "./src/log.ts";`,
        "src/log.ts": `await import("./tensor/mod.ts");`,
        "src/log/mod.ts": `import "../tensor/mod.ts";`,
        "src/tensor/mod.ts": `import "../log/mod.ts";`,
      }),
      [
        "src/log.ts imports src/tensor/mod.ts, but tensor is not to its right",
        "src/log/mod.ts imports src/tensor/mod.ts, but tensor is not to its right",
      ],
    );
  });

  await t.step("forbid to go past a mod.ts", async () => {
    assert.deepEqual(
      await violationsOf({
        "main.ts": `await import("./src/cli/run.ts");`,
        "src/cli/run.ts": `export {};`,
      }),
      ["main.ts imports src/cli/run.ts past src/cli/mod.ts"],
    );
  });

  await t.step("forbid a second importer of a library", async () => {
    assert.deepEqual(
      await violationsOf({
        "main.ts": `import "./src/cli/mod.ts";`,
        "src/cli/mod.ts": `import "hono/tiny"; import "./run.ts";`,
        "src/cli/run.ts": `import type {} from "npm:hono@4";`,
      }),
      ["hono is imported by src/cli/mod.ts and src/cli/run.ts"],
    );
  });

  await t.step("forbid anything but arithmetic in tensor", async () => {
    assert.deepEqual(
      await violationsOf({
        "main.ts": `import "./src/cli/mod.ts";`,
        "src/cli/mod.ts": `import "../tensor/mod.ts";`,
        "src/tensor/mod.ts": `import "node:fs"; export * from "./read.ts";`,
        "src/tensor/read.ts": `export const text = Deno.readTextFileSync;`,
      }),
      [
        "src/tensor/mod.ts imports node:fs, but tensor knows only arithmetic",
        "src/tensor/read.ts uses Deno.",
      ],
    );
  });

  await t.step("know every folder of src", async () => {
    await assert.rejects(
      violationsOf({
        "main.ts": `import "./src/utilities/mod.ts";`,
        "src/utilities/mod.ts": `export {};`,
      }),
      /"utilities" is not a layer/,
    );
  });
});

async function modules(): Promise<string[]> {
  const found = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/src`)) {
    if (isDirectory) found.push(`src/${name}/mod.ts`);
  }
  return found;
}

/** Writes the files into a folder of their own and checks them as a tree. */
async function violationsOf(
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  await using folder = await tempFolder();
  await folder.write("deno.json", "{}");
  for (const [file, text] of Object.entries(files)) {
    await folder.write(file, text);
  }
  const imports = await importsOf(folder.path, ["main.ts"]);
  return [
    ...importViolations(imports),
    ...await purityViolations(folder.path, imports),
  ];
}
