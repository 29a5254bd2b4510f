import assert from "node:assert/strict";
import { familyOf } from "../../src/mxnet/ops/table.ts";
import { parseSymbol } from "../../src/mxnet/symbol/parse_symbol.ts";
import { sharedTest } from "../support/shared.ts";
import { assertReference } from "./support/close_outputs.ts";
import {
  feedsOf,
  readCase,
  type ReferenceCase,
} from "./support/reference_case.ts";
import { runCheckpoint } from "./support/run_checkpoint.ts";
import { addTo, showTallies, type Tallies } from "./support/tallies.ts";

sharedTest(
  "convertCheckpoint() gives MXNet's outputs on every reference case",
  async (shared) => {
    const tallies: Tallies = new Map();
    const failures: string[] = [];
    for (const kind of ["ops", "nets"]) {
      const root = `${shared}/mxnet-cases/${kind}`;
      for (const name of await foldersIn(root)) {
        const reference = await readCase(`${root}/${name}`);
        const failure = await failureOf(reference);
        const family = kind === "nets" ? "Networks" : familyOfCase(reference);
        addTo(tallies, family, failure === undefined);
        if (failure !== undefined) failures.push(`${name}: ${failure}`);
      }
    }
    await showTallies("reference cases of MXNet 1.9.1", tallies);
    assert.ok(tallies.size > 1, "there are cases");
    assert.deepEqual(failures, []);
  },
);

async function foldersIn(root: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(root));
  return entries.map(({ name }) => name).toSorted();
}

async function failureOf(
  reference: ReferenceCase,
): Promise<string | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    const run = await runCheckpoint(
      {
        symbol: reference.symbol,
        ...(reference.params && { params: reference.params }),
        inputs: reference.inputs.map(({ name, tensor }) => ({
          name,
          shape: tensor.shape,
          dataType: tensor.type,
        })),
      },
      feedsOf(reference),
      folder,
    );
    assertReference(reference, run);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A case belongs where its first head's operator does. */
function familyOfCase({ symbol }: ReferenceCase): string {
  const { nodes, heads } = parseSymbol(symbol);
  return familyOf(nodes[heads[0]!.node]!.operator) ?? "Graphs and formats";
}
