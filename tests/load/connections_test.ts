import assert from "node:assert/strict";
import { DENO_RUN } from "../cli/support/mms.ts";
import { rawClient } from "../server/support/raw_client.ts";
import { fromFileUrl } from "../support/paths.ts";
import { Caller, eventually, startCallers } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import {
  linuxTest,
  type LoadServer,
  startLoadServer,
} from "./support/load_server.ts";
import { newQuestion, SIDE } from "./support/work_model.ts";
import { needing } from "../support/needing.ts";

const CROWD = 10_000;
/** For connections, and what a process needs besides. */
const FILES = CROWD + 500;

function options(server: LoadServer, ledger: Ledger) {
  return { address: server.inference, model: "work", ledger };
}

/** Asks with some callers, and expects that nobody is left without an answer. */
async function isServed(server: LoadServer): Promise<void> {
  const ledger = new Ledger();
  await using callers = startCallers({
    ...options(server, ledger),
    callers: 8,
  });
  await callers.answered(100);
  await callers.end();
  ledger.settle();
}

/** A command line that lets what follows it open as many files as it may. */
const MANY_FILES = [
  ...["sh", "-c"] as const,
  ...['ulimit -n "$(ulimit -Hn)"; exec "$@"', "sh"],
] as const;

/** Why so many files cannot be opened here, if they cannot. */
function obstacle(): string | undefined {
  if (Deno.build.os !== "linux") return "Linux";
  const limits = Deno.readTextFileSync("/proc/self/limits");
  const hard = /^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1];
  return hard !== undefined && Number(hard) < FILES
    ? `${FILES} open files, ${hard} are allowed`
    : undefined;
}

needing(obstacle())(
  "Ten thousand idle connections keep nobody from being served",
  async () => {
    await using server = await startLoadServer(["--workers", "1"], {
      runner: [...MANY_FILES, ...DENO_RUN],
    });
    const before = await openFiles(server.pid);
    await using crowd = gather(server);
    await crowd.ready;
    await eventually(
      "their connections are accepted",
      async () => await openFiles(server.pid) >= CROWD,
    );
    await isServed(server);
    await crowd.disperse();
    await eventually(
      "their connections are closed",
      async () => await openFiles(server.pid) <= before + 50,
    );
    await isServed(server);
  },
);

async function openFiles(pid: number): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

/** Has another process open connections: this one may not have as many files. */
function gather(server: LoadServer) {
  const { hostname, port } = new URL(server.inference);
  const script = fromFileUrl(new URL("./support/crowd.ts", import.meta.url));
  const [program, ...before] = [...MANY_FILES, ...DENO_RUN];
  const child = new Deno.Command(program!, {
    args: [...before, "-A", "--quiet", script, hostname, port, String(CROWD)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const ready = reader.read().then(({ value }) =>
    assert.equal(new TextDecoder().decode(value), "ready\n")
  );
  let dispersed: Promise<void> | undefined;
  const disperse = () =>
    dispersed ??= (async () => {
      await child.stdin.close();
      await reader.cancel();
      assert.ok((await child.status).success);
    })();
  return { ready, disperse, [Symbol.asyncDispose]: disperse };
}

const CALLERS = 200;

linuxTest(
  "Callers who send their headers bit by bit keep nobody from being served, and are told to go",
  async () => {
    await using server = await startLoadServer(["--workers", "1"]);
    using crowd = await slowCrowd(
      server,
      "POST /predictions/work HTTP/1.1\r\n",
    );
    await crowd.dribble("X: ");
    await isServed(server);
    const over = new AbortController();
    const dribbling = keepDribbling(crowd, over.signal);
    const texts = await Promise.all(crowd.clients.map((it) => it.untilEnd()));
    over.abort();
    await dribbling;
    for (const text of texts) assert.match(text, /^HTTP\/1.1 408 /);
    await isServed(server);
  },
);

linuxTest(
  "Callers who send their bodies bit by bit keep nobody from being served",
  async () => {
    await using server = await startLoadServer(["--workers", "1"]);
    const ledger = new Ledger();
    const before = await openFiles(server.pid);
    {
      const question = newQuestion();
      const text = question.body;
      using crowd = await slowCrowd(
        server,
        `POST /predictions/work HTTP/1.1\r\nContent-Length: ${text.length}\r\n\r\n`,
      );
      for (const letter of text.slice(0, 10)) await crowd.dribble(letter);
      await isServed(server);
      // Who sends the rest after all is served as well.
      const [first, ...others] = crowd.clients;
      ledger.expect(question.id, question.answers.positive);
      await first!.send(text.slice(10));
      const reply = await first!.until("]]]");
      const [, , body] = /^(HTTP[^]*?)\r\n\r\n([^]*)$/.exec(reply)!;
      ledger.note(question.id, { status: 200, text: body! });
      ledger.settle();
      assert.equal(others.length, CALLERS - 1);
    }
    await eventually(
      "their connections are closed",
      async () => await openFiles(server.pid) <= before + 10,
    );
    await isServed(server);
  },
);

type SlowCrowd = Awaited<ReturnType<typeof slowCrowd>>;

/** Callers who send the beginning of something. */
async function slowCrowd(server: LoadServer, beginning: string) {
  const { port } = new URL(server.inference);
  const clients = await Promise.all(
    Array.from({ length: CALLERS }, () => rawClient(Number(port))),
  );
  const dribble = async (text: string) => {
    await Promise.all(clients.map((client) => client.send(text)));
  };
  await dribble(beginning);
  return {
    clients,
    dribble,
    [Symbol.dispose]() {
      for (const client of clients) client[Symbol.dispose]();
    },
  };
}

/** Sends one more letter each second until that is no longer heard. */
async function keepDribbling(
  crowd: SlowCrowd,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await crowd.dribble("a").catch(() => {
      // They have been told to go.
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

// Whether they will read the answer cannot be told from their having left, and
// who has left is not to cost a run.
linuxTest(
  "Callers who close their half of the connection have left",
  async (t) => {
    await using server = await startLoadServer(["--workers", "1"]);
    const { hostname, port } = new URL(server.inference);
    const connect = () => Deno.connect({ hostname, port: Number(port) });
    const ask = (body: string, length = body.length) =>
      new TextEncoder().encode(
        `POST /predictions/work HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n${body}`,
      );
    const before = await openFiles(server.pid);

    await t.step("after their request, and cost no run", async () => {
      const ledger = new Ledger();
      const busy = newQuestion(SIDE.slow);
      using caller = new Caller(options(server, ledger));
      const reply = caller.ask(busy);
      await eventually(
        "it is busy",
        async () => await server.metric("mms_queue_wait_seconds_count") === 1,
      );
      await Promise.all(Array.from({ length: 50 }, async () => {
        const connection = await connect();
        await connection.write(ask(newQuestion().body));
        await connection.closeWrite();
        await new Response(connection.readable).bytes();
      }));
      await reply;
      await caller.ask(newQuestion());
      assert.deepEqual(ledger.settle(), { 200: 2 });
      // Those two, and what it may have been given early.
      const computed = await server.metric("mms_queue_wait_seconds_count");
      assert.ok(computed <= 3, `${computed} were computed`);
    });

    await t.step("within it keep nothing open", async () => {
      const connections = await Promise.all(
        Array.from({ length: 50 }, connect),
      );
      for (const connection of connections) {
        await connection.write(ask("{", 100));
        await connection.closeWrite();
      }
      await eventually(
        "their connections are closed",
        async () => await openFiles(server.pid) <= before + 10,
      );
      for (const connection of connections) connection.close();
    });

    await t.step("keep nobody from being served", () => isServed(server));
  },
);
