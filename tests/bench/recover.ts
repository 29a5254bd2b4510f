/**
 * What a killed worker costs: SqueezeNet with two workers under load, one of
 * them killed with -9. Counts what is lost, and how soon all of the throughput
 * is back, against the seconds before in the same run. Every answer is checked.
 *
 * Run it with `deno task bench:recover`; needs Linux and `../shared`.
 *
 * @module
 */

import { Ledger } from "../load/support/ledger.ts";
import { HttpClient } from "../server/support/http_client.ts";
import { PICTURE, SHARED, squeezenet } from "./support/archives.ts";
import { timeBareRun } from "./support/bare_process.ts";
import { descendants, type Served, startServer } from "./support/process.ts";
import { claimLine, median, print } from "./support/statistics.ts";

const ROUNDS = 7;
const CALLERS = 8;
const BEFORE_MS = 2000;
const WITHIN_MS = 1000;
const AFTER_MS = 2000;
const WARM_UP_MS = 10_000;
const PICTURES = [PICTURE, `${SHARED}/images/kitten.jpg`];

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await bench(await squeezenet(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bench(model: string): Promise<void> {
  await using server = await startServer(
    ...["--workers", "2", "--job-queue-size", "100", `m=${model}`],
  );
  const questions = await Promise.all(
    PICTURES.map((path) => questionOf(server, path)),
  );
  const scene = { server, questions, ledger: new Ledger(), times: [] };
  const over = new AbortController();
  const ended = Promise.all(
    Array.from({ length: CALLERS }, (_, i) => call(`${i}`, scene, over.signal)),
  );
  ended.catch(() => {}); // Waited for below.
  try {
    const graph = `${model}/squeezenet_v1.1.onnx`;
    const rounds = await killRounds(scene, graph);
    over.abort();
    await ended;
    report(scene.ledger, rounds);
  } finally {
    over.abort();
  }
}

/** What callers ask, and what they note. */
interface Scene {
  readonly server: Served;
  readonly questions: readonly Question[];
  readonly ledger: Ledger;
  /** When each success came. */
  readonly times: number[];
}

/** A picture and what is to be said of it. */
interface Question {
  readonly body: Uint8Array;
  readonly text: string;
}

/** Asks one picture after the other. */
async function call(
  name: string,
  { server, questions, ledger, times }: Scene,
  over: AbortSignal,
): Promise<void> {
  let client = await connect(server);
  for (let i = 0; !over.aborted; i++) {
    const { body, text } = questions[i % questions.length]!;
    const id = `${name}-${i}`;
    ledger.expect(id, text);
    const reply = await client.ask("POST /predictions/m", { body });
    ledger.note(id, reply);
    if (reply.status === 200) times.push(performance.now());
    if (reply.headers.get("connection") === "close") {
      client[Symbol.dispose]();
      client = await connect(server);
    }
  }
  client[Symbol.dispose]();
}

/** One worker's death. */
interface Round {
  /** Throughput from `WITHIN_MS` after it on, ÷ that before. */
  readonly ratio: number;
  /** How long there was only one worker, in ms. */
  readonly ms: number;
  /** That ÷ the time of a bare process that does the same, under the same load. */
  readonly effort: number;
}

async function killRounds(
  { server, times }: Scene,
  graph: string,
): Promise<readonly Round[]> {
  await pause(WARM_UP_MS);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bareMs = await timeBareRun(graph);
    await pause(BEFORE_MS);
    const killed = performance.now();
    const old = await killOne(server.pid);
    const ms = await untilReplaced(server, old) - killed;
    await pause(killed + WITHIN_MS + AFTER_MS - performance.now());
    const rate = (from: number, to: number) =>
      times.filter((at) => at >= from && at < to).length / (to - from);
    const before = rate(killed - BEFORE_MS, killed);
    const within = rate(killed, killed + WITHIN_MS);
    const after = rate(killed + WITHIN_MS, killed + WITHIN_MS + AFTER_MS);
    rounds.push({ ratio: after / before, ms, effort: ms / bareMs });
    print(
      `  ${perSecond(before)} before, ${
        perSecond(within)
      } in the second of it, ${perSecond(after)} from then on; replaced after ${
        ms.toFixed(0)
      } ms`,
    );
  }
  return rounds;
}

function report(ledger: Ledger, rounds: readonly Round[]): void {
  const { statuses, missing, wrong, double } = ledger.balance();
  const { 200: good = 0, ...others } = statuses;
  const lost = Object.values(others).reduce((sum, count) => sum + count, 0);
  print(
    `of ${
      good + lost
    } requests ${missing.length} missing, ${wrong.length} wrong, ${double.length} double`,
  );
  print(claimLine({
    what: "requests that were lost ÷ workers killed",
    ratios: [lost / ROUNDS],
    goal: { atMost: 1 },
  }));
  print(claimLine({
    what: "predictions from one second after the kill on ÷ before it",
    ratios: rounds.map(({ ratio }) => ratio),
    goal: { atLeast: 0.9 },
  }));
  print(claimLine({
    what: "time until the worker is replaced ÷ bare process under that load",
    ratios: rounds.map(({ effort }) => effort),
    goal: { atMost: 4 },
  }));
  print(
    `replaced after ${
      median(rounds.map(({ ms }) => ms)).toFixed(0)
    } ms (median)`,
  );
}

function perSecond(perMs: number): string {
  return `${(perMs * 1000).toFixed(0)}/s`;
}

async function connect({ address }: Served): Promise<HttpClient> {
  const { hostname, port } = new URL(address);
  return new HttpClient(await Deno.connect({ hostname, port: Number(port) }));
}

async function questionOf(server: Served, path: string): Promise<Question> {
  const body = await Deno.readFile(path);
  using client = await connect(server);
  const { status, text } = await client.ask("POST /predictions/m", { body });
  if (status !== 200) throw new Error(`it was answered ${status}: ${text}`);
  return { body, text };
}

async function killOne(front: number): Promise<readonly number[]> {
  const pids = await descendants(front);
  Deno.kill(pids[0]!, "SIGKILL");
  return pids;
}

/** Waits until both workers are ready again, and returns when that was. */
async function untilReplaced(
  { pid, management }: Served,
  old: readonly number[],
): Promise<number> {
  for (;;) {
    const response = await fetch(`${management}/models/m`);
    const { workers }: { workers: readonly { status: string }[] } =
      await response.json();
    const isNew = (await descendants(pid)).some((it) => !old.includes(it));
    if (isNew && workers.every(({ status }) => status === "READY")) {
      return performance.now();
    }
    await pause(10);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

await main();
