import assert from "node:assert/strict";
import { sampleCommand } from "../../src/cli/serve/sample_command.ts";
import type { Signature } from "../../src/archive/mod.ts";
import type { Model } from "../../src/workload/mod.ts";
import {
  emptyArchive,
  registerReady,
  scriptedRegistry,
} from "../workload/support/workload.ts";

const ADDRESS = { scheme: "http", host: "127.0.0.1", port: 8080 } as const;
const URL = "http://127.0.0.1:8080/predictions/m";

function signature(...shapes: readonly (readonly number[])[]): Signature {
  return {
    inputs: shapes.map((shape, i) => ({
      name: `x${i}`,
      shape,
      dataType: undefined,
      preprocess: undefined,
    })),
    inputType: "application/json",
    outputs: [],
    outputType: "application/json",
    top: 5,
  };
}

async function commandOf(
  of: Signature | undefined,
  options: readonly string[] = [],
): Promise<string> {
  await using registry = scriptedRegistry({
    open: () =>
      Promise.resolve({
        archive: { ...emptyArchive(), signature: of },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  });
  const model: Model = await registerReady(registry, { name: "m" });
  return sampleCommand(ADDRESS, { model, picture: undefined, options });
}

Deno.test("sampleCommand() sends", async (t) => {
  const json = "curl -H 'Content-Type: application/json' -d";

  await t.step("zeros for every input, as curl of any age can", async () => {
    assert.equal(
      await commandOf(signature([0, 2], [1])),
      `${json} '{"x0":[[0,0]],"x1":[0]}' ${URL}`,
    );
  });

  await t.step("a file where a line could not hold them", async () => {
    assert.equal(
      await commandOf(signature([1, 784])),
      `${json} @m.json ${URL}`,
    );
  });

  await t.step(
    "nothing to a model that says nothing of its inputs",
    async () => {
      assert.equal(await commandOf(undefined), `curl -X POST ${URL}`);
    },
  );

  await t.step("what lets the caller in, with a picture as well", async () => {
    const picture = {
      ...signature([0, 3, 1, 1]),
      inputType: "image/jpeg",
    } as const;
    const command = await commandOf(picture, ["-k"]);
    assert.match(command, / \| base64 -d \| curl -k -s -T - http:/);
  });
});
