import assert from "node:assert/strict";
import { parse } from "yaml";
import { findTarget } from "../.ci/targets.ts";
import config from "../deno.json" with { type: "json" };
import { root } from "./support/paths.ts";

/** The parts of a workflow that are looked at here. */
interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly strategy?: {
    readonly matrix: { readonly include?: readonly { target: string }[] };
  };
  readonly steps: readonly Step[];
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

for (const name of ["ci", "release"]) {
  Deno.test(`${name}.yml`, async (t) => {
    const text = await Deno.readTextFile(
      `${root}/.github/workflows/${name}.yml`,
    );
    const workflow: Workflow = parse(text);
    const jobs = Object.values(workflow.jobs);
    const steps = jobs.flatMap(({ steps }) => steps);

    await t.step("calls tasks that deno.json has", () => {
      const tasks = steps.flatMap((step) => tasksOf(step.run));
      assert.ok(tasks.length > 0);
      assert.deepEqual(
        tasks.filter((task) => !Object.hasOwn(config.tasks, task)),
        [],
      );
    });

    await t.step("calls scripts that are there and can be run", async () => {
      for (const step of steps) {
        for (const [script] of step.run?.matchAll(/^\.ci\/\S+/gm) ?? []) {
          const { mode } = await Deno.stat(`${root}/${script}`);
          assert.ok(mode === null || mode & 0o100, script);
        }
      }
    });

    await t.step("waits for jobs that it has", () => {
      const needed = jobs.flatMap(({ needs }) => needs ?? []);
      const missing = needed.filter((job) => !(job in workflow.jobs));
      assert.deepEqual(missing, []);
    });

    await t.step("pins each action by commit and names its version", () => {
      const pinned = text.match(
        /uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm,
      );
      const used = steps.filter(({ uses }) => uses !== undefined);
      assert.equal(pinned?.length, used.length);
    });

    await t.step("develops on the Deno that .ci/run names", async () => {
      const run = await Deno.readTextFile(`${root}/.ci/run`);
      const version = /deno@(\d+\.\d+\.\d+)/.exec(run)![1];
      const versions = steps.flatMap((step) =>
        step.with?.["deno-version"] ?? []
      );
      assert.deepEqual([...new Set(versions)], [version]);
    });

    await t.step("builds for targets that can be built for", () => {
      const targets = jobs.flatMap(({ strategy }) =>
        strategy?.matrix.include ?? []
      );
      for (const { target } of targets) {
        assert.equal(findTarget(target).triple, target);
      }
      assert.equal(targets.length, name === "release" ? 4 : 0);
    });
  });
}

function tasksOf(script = ""): string[] {
  return [...script.matchAll(/\bdeno task ([\w:-]+)/g)].map(([, task]) =>
    task!
  );
}
