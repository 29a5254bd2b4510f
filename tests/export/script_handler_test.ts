import assert from "node:assert/strict";
import { extractArchive, openFolder } from "../../src/archive/mod.ts";
import { archiveModel } from "../../src/export/mod.ts";
import { textsOf } from "../archive/support/extraction.ts";
import { modelFolder } from "../support/model_folder.ts";
import { tempFolder } from "../support/temp.ts";

const SERVICE = `import type { Request } from "mms";
import { shout } from "./lib/shout.ts";
import words from "./words.json" with { type: "json" };
export function handle(data: readonly Request[]): string[] {
  return data.map((it) => shout(it.text() + words.end));
}
`;

const FILES = {
  "service.ts": SERVICE,
  "lib/shout.ts":
    "export const shout = (it: string): string => it.toUpperCase();\n",
  "words.json": { end: "!" },
};

/** Packs a folder, and returns the texts in the archive and what was warned of. */
async function packed(
  files: Readonly<Record<string, unknown>>,
  handler: string,
) {
  await using folder = await modelFolder(files);
  await using out = await tempFolder();
  const warnings: string[] = [];
  const target = await archiveModel({
    ...{ modelName: "it", modelPath: folder.path, exportPath: out.path },
    ...{ handler, runtime: "python", format: "default", force: false },
    warn: (line) => warnings.push(line),
  });
  await extractArchive(target, `${out.path}/unpacked`);
  const { manifest } = await openFolder(`${out.path}/unpacked`);
  return { texts: await textsOf(`${out.path}/unpacked`), manifest, warnings };
}

Deno.test("archiveModel() with a service in TypeScript", async (t) => {
  await t.step("packs JavaScript beside it, lines as they were", async () => {
    const { texts, manifest, warnings } = await packed(FILES, "service.ts");
    assert.deepEqual(
      [manifest.handler, manifest.runtime, warnings],
      ["service.js", "deno", []],
    );
    assert.equal(texts["service.ts"], SERVICE);
    const script = texts["service.js"]!;
    assert.match(script, /from "\.\/lib\/shout\.js";/);
    assert.match(script, /from "\.\/words\.json" with \{ type: "json" \};/);
    assert.match(script.split("\n")[4]!, /return data\.map/);
    assert.match(texts["lib/shout.js"]!, /export const shout = \(it\)/);
  });

  await t.step("keeps what the handler names", async () => {
    const { manifest } = await packed(FILES, "service.ts:handle");
    assert.equal(manifest.handler, "service.js:handle");
  });

  await t.step("makes old JavaScript anew, and says so", async () => {
    const files = { ...FILES, "service.js": "export const old = 1;" };
    const { texts, warnings } = await packed(files, "service.ts");
    assert.match(texts["service.js"]!, /export function handle/);
    assert.deepEqual(warnings, [
      'WARNING - "service.js" is made anew of its TypeScript.',
    ]);
  });

  await t.step("refuses one that does not load, with its place", async () => {
    await assert.rejects(
      packed(
        { "service.ts": "const a: number = 1;\nmissing(a);\n" },
        "service.ts",
      ),
      {
        code: "invalid_model",
        message:
          'Cannot load "service.ts": ReferenceError: missing is not defined, at service.ts:2:1: missing(a);',
      },
    );
  });
});
