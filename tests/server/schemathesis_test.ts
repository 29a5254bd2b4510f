/**
 * Schemathesis asks all that the OpenAPI documents describe, rightly and
 * wrongly, and looks whether what is answered is what they say.
 */

import assert from "node:assert/strict";
import { DEFAULT_MANIFEST } from "../../src/archive/mod.ts";
import { addressText } from "../../src/server/mod.ts";
import { workerLaunch } from "../../src/workload/mod.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { emptyArchive, registerReady } from "../workload/support/workload.ts";
import { startServer, type TestServerOptions } from "./support/servers.ts";
import { needing } from "../support/needing.ts";

const PROGRAM = Deno.env.get("MMS_TEST_SCHEMATHESIS") ?? "schemathesis";

const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
];

/** As in the original, predictions are answered to any method. */
const MORE_CHECKS = {
  inference: [],
  management: ["unsupported_method"],
} as const;

/** Servers whose models answer whatever they are asked. */
const NOOP: TestServerOptions = {
  server: { maxWorkers: 1 },
  registry: {
    launch: workerLaunch(`${root}/main.ts`),
    open: () =>
      Promise.resolve({
        archive: {
          ...emptyArchive(),
          manifest: { ...DEFAULT_MANIFEST, handler: "mms:noop" },
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  },
};

/** What finds a model: names made up at random would find none. */
const KNOWN = `[parameters]
"path.model_name" = "test"
`;

async function isInstalled(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(PROGRAM, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const installed = await isInstalled();

for (const api of ["inference", "management"] as const) {
  needing(installed ? undefined : "schemathesis")(
    `schemathesis finds nothing wrong with the ${api} API`,
    async () => {
      await using folder = await tempFolder();
      await using server = await startServer(NOOP);
      await registerReady(server.registry);
      const checks = [...CHECKS, ...MORE_CHECKS[api]].join(",");
      const ask = api === "inference" ? server.infer : server.manage;
      const { text } = await ask("/", { method: "OPTIONS" });
      await folder.write("api.json", text);
      await folder.write("schemathesis.toml", KNOWN);
      const { success, stdout } = await new Deno.Command(PROGRAM, {
        args: [
          ...["run", "api.json", "--url"],
          addressText(server.server[`${api}Address`]),
          ...["--checks", checks, "--max-examples", "20"],
          ...["--phases", "coverage,fuzzing", "--seed", "1"],
          ...["--request-timeout", "60", "--no-color"],
        ],
        cwd: folder.path,
        stderr: "null",
      }).output();
      assert.ok(success, new TextDecoder().decode(stdout));
    },
  );
}
