import assert from "node:assert/strict";
import { systemMetrics } from "../../src/metrics/system_metrics.ts";
import { SystemSampler } from "../../src/metrics/system_sampler.ts";

Deno.test("SystemSampler.sample()", async (t) => {
  const sampler = new SystemSampler();

  await t.step("tells sizes that make sense", async () => {
    const { memoryUsed, memoryAvailable, disk } = await sampler.sample();
    assert.ok(memoryUsed > 1e6 && memoryAvailable > 1e6);
    assert.ok(disk !== undefined && disk.used > 0 && disk.available >= 0);
  });

  await t.step(
    "keeps its last answer within one tick of the clock",
    async () => {
      const samples = [];
      for (let i = 0; i < 20; i++) samples.push(await sampler.sample());
      for (const { cpuPercent } of samples) {
        assert.ok(cpuPercent >= 0 && cpuPercent <= 100, `${cpuPercent}`);
      }
    },
  );
});

Deno.test("systemMetrics()", async (t) => {
  const sample = {
    cpuPercent: 12.3456,
    memoryUsed: 3 * 2 ** 20,
    memoryAvailable: 2 ** 20,
    disk: { used: 2 ** 31, available: 6 * 2 ** 30 },
  };
  const lines = (found: ReturnType<typeof systemMetrics>) =>
    found.map(({ name, unit, value }) => `${name}.${unit}:${value}`);

  await t.step("writes MMS's names, and those that it documents", () => {
    assert.deepEqual(lines(systemMetrics(sample)), [
      "CPUUtilization.Percent:12.3",
      "MemoryUsed.Megabytes:3",
      "MemoryAvailable.Megabytes:1",
      "MemoryUtilization.Percent:75",
      "DiskUsage.Gigabytes:2",
      "DiskUsed.Gigabytes:2",
      "DiskUtilization.Percent:25",
      "DiskAvailable.Gigabytes:6",
    ]);
  });

  await t.step("leaves the disk out where nobody tells", () => {
    const found = systemMetrics({ ...sample, disk: undefined });
    assert.equal(lines(found).length, 4);
  });
});
