import assert from "node:assert/strict";
import { run } from "../src/cli/mod.ts";
import { settingsTable } from "../src/config/mod.ts";
import { apiDocument } from "../src/server/openapi/documents.ts";
import { blocks, type Step, steps, tableUnder } from "./support/markdown.ts";
import { root } from "./support/paths.ts";
import { recorder } from "./support/recorder.ts";
import { sandbox } from "./support/sandbox.ts";
import { needing, POSIX } from "./support/needing.ts";

const README = await Deno.readTextFile(`${root}/README.md`);
const BLOCKS = blocks(README);

/** What differs from run to run: digits of numbers, identifiers, times. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "<uuid>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, "<time>")
    .replaceAll(/-?\d+(\.\d+)?(e[-+]?\d+)?/gi, "<number>")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();
}

function check(step: Step, actual: string): void {
  assert.equal(
    steady(actual),
    steady(step.output),
    `README.md:${step.line}: $ ${step.command}`,
  );
}

needing(POSIX)(
  "README.md: each command prints what stands below it",
  checkCommands,
);

async function checkCommands(t: Deno.TestContext): Promise<void> {
  await using box = await sandbox();
  const all = BLOCKS.filter(({ language }) => language === "console")
    .flatMap(steps);
  assert.ok(all.length > 0);
  for (const step of all) {
    await t.step(step.command, async () => {
      check(step, await box.run(step.command));
    });
  }
}

Deno.test("README.md: every block of commands is of a kind that is checked", () => {
  const kinds = new Set(BLOCKS.map(({ language }) => language));
  for (const kind of ["console", "sh"]) kinds.delete(kind);
  for (const other of kinds) {
    assert.match(other, /^(json|properties|text|mermaid|ts)$/);
  }
});

Deno.test("README.md: the table of settings is the program's own", () => {
  const stated = tableUnder(README, "## Configuration");
  const actual = tableUnder(`# x\n${settingsTable()}`, "# x");
  assert.deepEqual(stated, actual);
});

Deno.test("README.md: the table of commands has every command", async () => {
  const terminal = recorder();
  await run(["--help"], terminal);
  const [, list] = terminal.outText().split("Commands:\n");
  const names = [...list!.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
  assert.deepEqual(
    tableUnder(README, "## Commands").map(([name]) => name),
    names.filter((name) => name !== "help").map((name) => `\`mms ${name}\``),
  );
});

Deno.test("README.md: the table of requests is that of the OpenAPI documents", () => {
  const limits = { maxWorkers: 1, inferenceMetrics: true };
  const { paths } = apiDocument("shared", limits);
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((method) => method !== "options")
      .map((method) => `\`${method.toUpperCase()} ${path}\``)
  );
  const stated = tableUnder(README, "## HTTP API").map(([request]) => request!);
  assert.deepEqual(stated.toSorted(), described.toSorted());
});

Deno.test("README.md: every deno task that it names exists", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  const named = [...README.matchAll(/\btask ([a-z][\w:-]*)/g)];
  assert.ok(named.length > 0);
  for (const [, task] of named) assert.ok(task! in tasks, task);
});

Deno.test("README.md: every library that is built on is named", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  const credits = README.slice(README.indexOf("Built on [Deno]"));
  for (const name of Object.keys(imports)) {
    assert.ok(credits.includes(name), name);
  }
});

Deno.test("README.md: every file that it links to exists", async () => {
  const links = [...README.matchAll(/\]\((?!https?:|#|\.\.)([^)#]+)/g)];
  for (const [, path] of links) await Deno.stat(`${root}/${path}`);
  assert.ok(links.length > 0);
});
