/**
 * What counting costs: a server of a model that does nothing against one that
 * does not count, with 32 connections, first without files and then with the
 * two files of metrics that MMS writes.
 *
 * Run it with `deno task bench:counting`; needs wrk.
 *
 * @module
 */

import { load } from "./support/load.ts";
import { type LineProcess, startScript } from "./support/process.ts";
import { claimLine, print } from "./support/statistics.ts";

const ROUNDS = 9;
const ROUND_SECONDS = 2;
const CONNECTIONS = 32;
const SERVER = "tests/bench/support/counting_server.ts";

/** A server under load. */
interface Counted extends LineProcess {
  readonly url: string;
}

/** What one server did in one round. */
interface Round {
  readonly perSecond: number;
  /** CPU time of the front for one prediction, in µs. */
  readonly cpuMicros: number;
}

/** Counting may cost less than three hundredths. */
const GOAL = { atLeast: 0.97 };

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await compare("without files", () => []);
    await compare("with the files of MMS", (kind) => [`${folder}/${kind}`]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Kind = "control" | "counting";

async function compare(
  name: string,
  filesOf: (kind: Kind) => readonly string[],
): Promise<void> {
  await using control = await startServer("control", filesOf("control"));
  await using counting = await startServer("counting", filesOf("counting"));
  for (const server of [control, counting]) await round(server);
  const rates: number[] = [];
  const costs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    // Whoever comes first meets another machine than who comes second.
    const isFirst = i % 2 === 0;
    const first = await round(isFirst ? control : counting);
    const second = await round(isFirst ? counting : control);
    const [bare, counted] = isFirst ? [first, second] : [second, first];
    rates.push(counted.perSecond / bare.perSecond);
    costs.push(bare.cpuMicros / counted.cpuMicros);
    print(
      `  counting ${counted.perSecond.toFixed(0)}/s, ${
        counted.cpuMicros.toFixed(1)
      } µs; control ${bare.perSecond.toFixed(0)}/s, ${
        bare.cpuMicros.toFixed(1)
      } µs`,
    );
  }
  print(claimLine({
    what: `${name}: predictions a second, counting ÷ control`,
    ratios: rates,
    goal: GOAL,
  }));
  print(claimLine({
    what: `${name}: CPU time of the front, control ÷ counting`,
    ratios: costs,
    goal: GOAL,
  }));
}

async function startServer(
  kind: Kind,
  files: readonly string[],
): Promise<Counted> {
  const server = startScript(SERVER, kind, ...files);
  return { ...server, url: await server.line() };
}

async function round(server: Counted): Promise<Round> {
  const before = Number(await server.ask(""));
  const { perSecond, errors } = await load({
    url: server.url,
    connections: CONNECTIONS,
    seconds: ROUND_SECONDS,
    body: new URL(import.meta.url).pathname,
  });
  if (errors > 0) throw new Error(`${server.url}: ${errors} errors`);
  const cpuMs = Number(await server.ask("")) - before;
  return { perSecond, cpuMicros: cpuMs * 1000 / (perSecond * ROUND_SECONDS) };
}

await main();
