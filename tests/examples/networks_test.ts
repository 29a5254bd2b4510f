import assert from "node:assert/strict";
import { writeNetworks } from "../../fixtures/examples/networks.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";

const EXAMPLES = `${root}/fixtures/examples`;

Deno.test("the networks of the examples are what their programs write", async () => {
  await using folder = await tempFolder();
  const names = [
    ...["character-cnn", "language-model"],
    ...["object-detection", "two-pictures"],
  ];
  for (const name of names) {
    await Deno.mkdir(`${folder.path}/${name}/model`, { recursive: true });
  }
  await writeNetworks(folder.path);
  for (const name of names) {
    const written = `${name}/model`;
    let files = 0;
    for await (const file of Deno.readDir(`${folder.path}/${written}`)) {
      const path = `${written}/${file.name}`;
      assert.deepEqual(
        await content(`${folder.path}/${path}`),
        await content(`${EXAMPLES}/${path}`),
        file.name,
      );
      files++;
    }
    assert.ok(files >= 2);
  }
});

/** JSON is formatted in the repository. */
async function content(path: string): Promise<unknown> {
  return path.endsWith(".json")
    ? JSON.parse(await Deno.readTextFile(path))
    : await Deno.readFile(path);
}
