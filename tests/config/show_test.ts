import assert from "node:assert/strict";
import {
  banner,
  fileKey,
  flagName,
  nearestName,
  printSettings,
  resolveSettings,
  SETTING_KEYS,
  settingsTable,
  variableName,
} from "../../src/config/mod.ts";

Deno.test("every setting has a flag, a file key and a variable of one name", () => {
  assert.equal(flagName("maxRequestSize"), "--max-request-size");
  assert.equal(fileKey("maxRequestSize"), "max_request_size");
  assert.equal(variableName("maxRequestSize"), "MMS_MAX_REQUEST_SIZE");
});

Deno.test("nearestName() finds what was meant, and nothing far-fetched", () => {
  const names = ["model_store", "load_models", "max_request_size"];
  assert.equal(nearestName("modle_store", names), "model_store");
  assert.equal(nearestName("load_model", names), "load_models");
  assert.equal(nearestName("colour", names), undefined);
  assert.equal(nearestName("x".repeat(1000), names), undefined);
});

Deno.test("printSettings() shows each value and where it came from", async () => {
  const lines = printSettings(
    await resolveSettings({
      flags: { threads: { flag: "--threads", text: "4" } },
      environment: {},
    }),
  ).split("\n");
  assert.equal(lines.length, SETTING_KEYS.length + 1);
  assert.match(lines.join("\n"), /^threads=4 +# --threads$/m);
  assert.match(lines.join("\n"), /^job_queue_size=100 +# default$/m);
});

Deno.test("printSettings() shows no secrets", async () => {
  const text = printSettings(
    await resolveSettings({
      flags: {},
      environment: { MMS_MANAGEMENT_TOKEN: "very-secret" },
    }),
  );
  assert.match(text, /^management_token=\*\*\* +# MMS_MANAGEMENT_TOKEN$/m);
  assert.match(text, /^keystore_pass=\*\*\* +# default$/m);
  assert.doesNotMatch(text, /very-secret|changeit/);
});

Deno.test("banner() names what is not set", async () => {
  const lines = banner(await resolveSettings({ flags: {}, environment: {} }));
  assert.ok(lines.includes("Model Store: N/A"));
  assert.ok(lines.includes("Python executable: the system's own"));
  assert.ok(lines.includes("Maximum Request Size: 6553500"));
});

Deno.test("settingsTable() has one row for each setting", () => {
  const rows = settingsTable().trim().split("\n").slice(2);
  assert.equal(rows.length, SETTING_KEYS.length);
  assert.equal(
    rows.find((row) => row.startsWith("| `threads`")),
    "| `threads` | `--threads` | `MMS_THREADS` | `1` | threads of each worker; more make one prediction faster and several at once slower |",
  );
});
