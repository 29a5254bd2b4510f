import assert from "node:assert/strict";
import { missingPackage, PYTHON } from "../python/support/python.ts";
import { blocks, type Step, steps } from "../support/markdown.ts";
import { root } from "../support/paths.ts";
import { sandbox } from "../support/sandbox.ts";
import { needing } from "../support/needing.ts";

const EXAMPLES = `${root}/fixtures/examples`;

/** What each of them needs besides `sh` and `curl`. */
const NEEDS: Readonly<Record<string, readonly string[] | "nothing">> = {
  "character-cnn": ["numpy", "onnxruntime"],
  "echo": [],
  "image-classification": "nothing",
  "language-model": "nothing",
  "object-detection": "nothing",
  "top-10-python": ["numpy", "onnxruntime", "PIL"],
  "top-10-typescript": "nothing",
  "two-pictures": "nothing",
};

Deno.test("every example is run by a test and listed", async () => {
  const list = await Deno.readTextFile(`${EXAMPLES}/README.md`);
  for await (const { name, isDirectory } of Deno.readDir(EXAMPLES)) {
    if (!isDirectory) continue;
    assert.ok(name in NEEDS, name);
    assert.ok(list.includes(`[${name}](${name}/)`), name);
  }
});

for (const [name, needs] of Object.entries(NEEDS)) {
  const missing = Deno.build.os === "windows"
    ? "sh"
    : needs === "nothing"
    ? undefined
    : missingPackage(needs);
  needing(missing)(
    `the example ${name} does what its README says`,
    (t) => runExample(t, `${EXAMPLES}/${name}/README.md`),
  );
}

async function runExample(t: Deno.TestContext, readme: string): Promise<void> {
  await using box = await sandbox({ MMS_PYTHON: PYTHON });
  const all = blocks(await Deno.readTextFile(readme))
    .filter(({ language }) => language === "console").flatMap(steps);
  assert.ok(all.length > 0);
  for (const step of all) {
    await t.step(step.command, async () => {
      check(readme, step, await box.run(step.command));
    });
  }
}

function check(readme: string, step: Step, actual: string): void {
  assert.equal(
    rounded(actual),
    rounded(step.output),
    `${readme}:${step.line}: $ ${step.command}`,
  );
}

/** Versions and hints change, and so do the last digits of a probability. */
function rounded(text: string): string {
  return text.trim()
    .replaceAll(/^mms \d.*$/gm, "mms <version>")
    .replaceAll(/^Try it: .*$/gm, "Try it: <command>")
    .replaceAll(
      /\d+\.\d+(e[-+]?\d+)?/g,
      (number) => Number(number).toFixed(3),
    );
}
