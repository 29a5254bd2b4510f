import assert from "node:assert/strict";
import { withLogConfig } from "../../src/cli/serve/log_config.ts";
import { resolveSettings } from "../../src/config/mod.ts";
import { tempFolder } from "../support/temp.ts";

const XML = `<?xml version="1.0"?>
<Configuration>
  <Loggers>
    <Logger name="com.amazonaws.ml.mms" level="debug">
      <AppenderRef ref="CONSOLE"/>
    </Logger>
    <Root level="warn"/>
  </Loggers>
</Configuration>`;

for (
  const [name, text, level] of [
    ["the original's own logger", XML, "debug"],
    ["all", XML.replace("com.amazonaws.ml.mms", "other"), "warning"],
    ["properties of log4j 1", "log4j.rootLogger = ERROR, console\n", "error"],
    ["properties of log4j 2", "rootLogger.level = all\n", "trace"],
    ["nothing", "hello", "info"],
  ] as const
) {
  Deno.test(`withLogConfig() takes the level of ${name}`, async () => {
    await using folder = await tempFolder();
    const file = await folder.write("log4j2.xml", text);
    const resolved = await resolveSettings({ flags: {}, environment: {} });
    const { settings, warnings } = await withLogConfig(resolved, file);
    assert.equal(settings.logLevel, level);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /^--log-config .*: .* --log-location and --metrics-location replace it$/,
    );
  });
}

Deno.test("withLogConfig() leaves a level that is set as it is", async () => {
  await using folder = await tempFolder();
  const file = await folder.write("log4j2.xml", XML);
  const flags = { logLevel: { flag: "--log-level", text: "error" } };
  const resolved = await resolveSettings({ flags, environment: {} });
  const { settings, warnings } = await withLogConfig(resolved, file);
  assert.equal(settings.logLevel, "error");
  assert.match(warnings[0]!, /it has no effect here/);
});
