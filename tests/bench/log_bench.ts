/**
 * What the log costs the request that a line is about. Numbers are for 1000
 * lines; what is written in the background comes on top.
 *
 * Run it with `deno bench -A tests/bench/log_bench.ts`.
 *
 * @module
 */

import {
  closeLogs,
  configureLog,
  logAccess,
  logger,
  type LogOptions,
  withRequestId,
} from "../../src/log.ts";

const LINES = 1000;
const NOWHERE = { color: false, write: () => {} };

const access = {
  client: "127.0.0.1:51234",
  method: "POST",
  uri: "/predictions/squeezenet",
  status: 200,
  ms: 3.14159,
  requestId: "0b2b6f5c-3ad3-4f0e-9b6a-0a3c1e6f3c52",
};

const server = logger("server");

for (const format of ["text", "json"] as const) {
  bench(`logAccess() × 1000, ${format}`, { format }, () => logAccess(access));
  bench(`logger.info() × 1000, ${format}`, { format }, () => {
    server.info("Model {name} registered.", { name: "squeezenet" });
  });
}
bench("logger.debug() × 1000, not shown", {}, () => {
  server.debug("Model {name} registered.", { name: "squeezenet" });
});

for (const how of ["without", "with"] as const) {
  Deno.bench(`a request of five awaits × 1000, ${how} an id`, async (b) => {
    await configureLog({ console: NOWHERE });
    b.start();
    for (let i = 0; i < LINES; i++) {
      await (how === "with" ? withRequestId("id", request) : request());
    }
    b.end();
    await closeLogs();
  });
}

function bench(
  name: string,
  options: Pick<LogOptions, "format">,
  line: () => void,
): void {
  Deno.bench(name, async (b) => {
    const folder = await Deno.makeTempDir();
    const files = { logs: folder, metrics: folder };
    await configureLog({ ...options, console: NOWHERE, files });
    b.start();
    for (let i = 0; i < LINES; i++) line();
    b.end();
    await closeLogs();
    await Deno.remove(folder, { recursive: true });
  });
}

async function request(): Promise<void> {
  for (let i = 0; i < 5; i++) await null;
}
