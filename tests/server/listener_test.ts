import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import type { Face } from "../../src/server/exchange/face.ts";
import { tempFolder } from "../support/temp.ts";
import {
  echo,
  faceOf,
  listenTo,
  portOf,
  textAnswer,
} from "./support/listeners.ts";
import { rawClient, rawUnixClient } from "./support/raw_client.ts";
import { needing, POSIX } from "../support/needing.ts";

const UUID =
  /x-request-id: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}\r\n/;

/** Sends one text to a fresh listener and returns all that it answers until it closes. */
async function answerTo(
  text: string,
  face: Face = echo,
): Promise<string> {
  await using listener = await listenTo(face);
  using client = await rawClient(portOf(listener));
  await client.send(text);
  return await client.untilEnd();
}

Deno.test("Listener answers with the original's headers in their order", async () => {
  await using listener = await listenTo(echo, {
    extraHeaders: [["access-control-allow-origin", "*"]],
  });
  using client = await rawClient(portOf(listener));
  await client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const text = await client.until("GET /a ");
  const lines = text.split("\r\n").map((line) => line.split(":")[0]);
  assert.deepEqual(lines.slice(0, 8), [
    "HTTP/1.1 200 OK",
    "content-type",
    "x-request-id",
    "access-control-allow-origin",
    "Pragma",
    "Cache-Control",
    "Expires",
    "content-length",
  ]);
  assert.match(text, UUID);
  assert.match(
    text,
    /\r\nCache-Control: no-cache; no-store, must-revalidate, private\r\n/,
  );
  assert.match(text, /\r\nExpires: Thu, 01 Jan 1970 00:00:00 UTC\r\n/);
  assert.match(text, /\r\nConnection: keep-alive\r\n/i);
});

Deno.test("Listener keeps the connection for the next request", async () => {
  await using listener = await listenTo(echo);
  using client = await rawClient(portOf(listener));
  await client.send("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi");
  await client.until("POST /a hi");
  await client.send(
    "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\n",
  );
  await client.until("POST /b ho");
});

Deno.test("Listener answers pipelined requests in their order", async () => {
  await using listener = await listenTo(faceOf(async ({ segments }) => {
    if (segments[0] === "slow") {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return textAnswer(`<${segments[0]}>`);
  }));
  using client = await rawClient(portOf(listener));
  await client.send("GET /slow HTTP/1.1\r\n\r\nGET /fast HTTP/1.1\r\n\r\n");
  const text = await client.until("<fast>");
  assert.ok(text.indexOf("<slow>") < text.indexOf("<fast>"));
  assert.equal(text.match(/x-request-id/g)?.length, 2);
});

Deno.test("Listener gives each answer that is not a success as the last of its connection", async () => {
  const text = await answerTo(
    "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
    faceOf(() => textAnswer("no", 404)),
  );
  assert.match(text, /^HTTP\/1.1 404 Other\r\n/);
  assert.match(text, /\r\nconnection: close\r\n/i);
  assert.equal(text.match(/HTTP\/1.1/g)?.length, 1);
});

for (
  const request of [
    "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n",
    "GET /a HTTP/1.0\r\n\r\n",
  ]
) {
  Deno.test(`Listener closes after ${JSON.stringify(request)}`, async () => {
    assert.match(await answerTo(request), /^HTTP\/1.1 200 OK\r\n[^]*GET \/a $/);
  });
}

Deno.test("Listener keeps the connection of who is told to come back", async () => {
  await using listener = await listenTo(
    faceOf(() => {
      throw new MmsError("service_unavailable", "<full>");
    }),
  );
  using client = await rawClient(portOf(listener));
  await client.send("GET /a HTTP/1.1\r\n\r\n");
  await client.until(/^HTTP\/1.1 503 [^]*\r\nRetry-After: 1\r\n[^]*\}\n$/);
  await client.send("GET /b HTTP/1.1\r\n\r\n");
  await client.until(/503 [^]*503 [^]*\}\n$/);
});

Deno.test("Listener leaves the body of an answer to HEAD out, not its length", async () => {
  const text = await answerTo("HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n");
  assert.match(text, /\r\ncontent-length: 8\r\n/);
  assert.match(text, /\r\n\r\n$/);
});

const BROKEN: readonly [string, string][] = [
  ["what is not HTTP", "nonsense\r\n\r\n"],
  ["a bare line feed", "GET /a HTTP/1.1\nHost: x\n\n"],
  ["a request line of 4097 bytes", `GET /${"a".repeat(4083)} HTTP/1.1\r\n\r\n`],
  ["headers of 8200 bytes", `GET / HTTP/1.1\r\na: ${"x".repeat(8200)}\r\n\r\n`],
  [
    "headers of 20000 bytes",
    `GET / HTTP/1.1\r\na: ${"x".repeat(20000)}\r\n\r\n`,
  ],
  ["129 headers", `GET / HTTP/1.1\r\n${"a: b\r\n".repeat(129)}\r\n`],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
  ],
  [
    "a length and chunks",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  [
    "a bad chunk",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ],
];

for (const [what, text] of BROKEN) {
  Deno.test(`Listener answers ${what} with 400 in the original's words`, async () => {
    const answer = await answerTo(text);
    assert.match(answer, /^HTTP\/1.1 400 Bad Request\r\n/);
    assert.match(answer, UUID);
    assert.match(
      answer,
      /"type": "BadRequestException",\n {2}"message": "Invalid HTTP message."/,
    );
  });
}

Deno.test("Listener takes a request line of 4096 and headers of 8000 bytes", async () => {
  const text = await answerTo(
    `GET /${"a".repeat(4082)} HTTP/1.1\r\nConnection: close\r\nx: ${
      "y".repeat(7900)
    }\r\n\r\n`,
  );
  assert.match(text, /^HTTP\/1.1 200 OK\r\n/);
});

Deno.test("Listener refuses a transfer coding besides chunked", async () => {
  const text = await answerTo(
    "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
  );
  assert.match(text, /^HTTP\/1.1 400 /);
  assert.match(text, /gzip, chunked/);
});

Deno.test("Listener answers what it got before it answers what is broken", async () => {
  const text = await answerTo(
    "GET /slow HTTP/1.1\r\n\r\nnonsense\r\n\r\n",
    faceOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return textAnswer("<slow>");
    }),
  );
  assert.match(
    text,
    /^HTTP\/1.1 200 OK\r\n[^]*<slow>HTTP\/1.1 400 Bad Request\r\n/,
  );
});

const TOO_LARGE = "HTTP/1.1 413 Request Entity Too Large\r\n";

Deno.test("Listener and a body beyond the limit", async (t) => {
  await t.step("takes a body that just fits", async () => {
    const text = await answerTo(
      `POST /a HTTP/1.1\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n${
        "x".repeat(1000)
      }`,
    );
    assert.match(text, /^HTTP\/1.1 200 OK\r\n/);
  });

  await t.step(
    "goes on with the connection if the length was declared",
    async () => {
      await using listener = await listenTo(echo);
      using client = await rawClient(portOf(listener));
      await client.send("POST /a HTTP/1.1\r\nContent-Length: 200000\r\n\r\n");
      await client.until(TOO_LARGE);
      await client.send("x".repeat(200000));
      await client.send("GET /b HTTP/1.1\r\n\r\n");
      await client.until("GET /b ");
    },
  );

  await t.step("closes it if the body comes in chunks", async () => {
    const chunks = `3e8\r\n${"x".repeat(1000)}\r\n`.repeat(2);
    const text = await answerTo(
      `POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
    );
    assert.ok(text.startsWith(TOO_LARGE));
    assert.match(text, /\r\nconnection: close\r\n/i);
  });

  await t.step("says so instead of asking for the body", async () => {
    const text = await answerTo(
      "POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n",
    );
    assert.ok(text.startsWith(TOO_LARGE));
  });
});

Deno.test("Listener asks for a body that is announced", async () => {
  await using listener = await listenTo(echo);
  using client = await rawClient(portOf(listener));
  await client.send(
    "POST /a HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n",
  );
  await client.until("HTTP/1.1 100 Continue\r\n\r\n");
  await client.send("hi");
  await client.until("POST /a hi");
});

Deno.test("Listener refuses other expectations", async () => {
  const text = await answerTo(
    "POST /a HTTP/1.1\r\nExpect: wonders\r\nContent-Length: 2\r\n\r\nhi",
  );
  assert.match(text, /^HTTP\/1.1 417 Expectation Failed\r\n/);
});

Deno.test("Listener refuses who may not, before the body is read", async () => {
  const text = await answerTo(
    "POST /a HTTP/1.1\r\nContent-Length: 500\r\n\r\n",
    {
      admit() {
        throw new MmsError("unauthorized", "Cannot let you in");
      },
      answer: () => Promise.reject(new Error("not reached")),
    },
  );
  assert.match(text, /^HTTP\/1.1 401 Unauthorized\r\n/);
  assert.match(text, /\r\nWWW-Authenticate: Bearer\r\n/);
});

Deno.test("Listener writes what a service says, but for what is its own", async () => {
  const text = await answerTo(
    "GET /a HTTP/1.1\r\n\r\n",
    faceOf(() => ({
      status: 418,
      reason: "",
      headers: {
        Dummy: "1",
        "X-Request-Id": "mine",
        "Content-Length": "3",
        connection: "upgrade",
      },
      contentType: "",
      body: new TextEncoder().encode("tea"),
    })),
  );
  assert.match(
    text,
    /^HTTP\/1.1 418 \r\nDummy: 1\r\nx-request-id: [0-9a-f]{8}-/,
  );
  assert.doesNotMatch(text, /content-type|mine|upgrade/);
  assert.match(text, /\r\n\r\ntea$/);
});

Deno.test("Listener answers 500 where a service's header cannot be written", async () => {
  const text = await answerTo(
    "GET /a HTTP/1.1\r\n\r\n",
    faceOf(() => ({
      ...textAnswer("x"),
      headers: { split: "a\r\nb: c" },
    })),
  );
  assert.match(text, /^HTTP\/1.1 500 Internal Server Error\r\n/);
  assert.doesNotMatch(text, /split/);
});

Deno.test("Listener answers 500 to a bug, without a word of it", async () => {
  const text = await answerTo(
    "GET /a HTTP/1.1\r\n\r\n",
    faceOf(() => {
      throw new TypeError("secret");
    }),
  );
  assert.match(text, /^HTTP\/1.1 500 Internal Server Error\r\n/);
  assert.doesNotMatch(text, /secret/);
});

Deno.test("Listener tells a face that its caller has gone", async (t) => {
  for (const body of ["", "x".repeat(900)]) {
    await t.step(`with ${body.length} bytes sent`, async () => {
      const gone = Promise.withResolvers<void>();
      const asked = Promise.withResolvers<void>();
      await using listener = await listenTo(faceOf(async ({ signal }) => {
        signal.addEventListener("abort", { handleEvent: () => gone.resolve() });
        asked.resolve();
        await gone.promise;
        return textAnswer("nobody reads this");
      }));
      const client = await rawClient(portOf(listener));
      await client.send(
        `POST /a HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      await asked.promise;
      client[Symbol.dispose]();
      await gone.promise;
    });
  }
});

const HASTE = {
  headersTimeout: 200,
  requestTimeout: 400,
  keepAliveTimeout: 200,
  connectionsCheckingInterval: 50,
};

const SLOW: readonly [string, string, RegExp][] = [
  ["send nothing", "", /^(HTTP\/1.1 408 |$)/],
  [
    "stop in the head",
    "GET /a HTTP/1.1\r\nHost",
    /^HTTP\/1.1 408 Request Timeout\r\n/,
  ],
  [
    "stop in the body",
    "POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
    /^HTTP\/1.1 408 Request Timeout\r\n/,
  ],
  [
    "ask no more",
    "GET /a HTTP/1.1\r\n\r\n",
    /^HTTP\/1.1 200 OK\r\n[^]*GET \/a $/,
  ],
];

for (const [what, text, answer] of SLOW) {
  Deno.test(`Listener does not wait for callers who ${what}`, async () => {
    await using listener = await listenTo(echo, { timeouts: HASTE });
    using client = await rawClient(portOf(listener));
    await client.send(text);
    assert.match(await client.untilEnd(), answer);
  });
}

Deno.test("Listener waits for a face that is slower than any timeout", async () => {
  await using listener = await listenTo(
    faceOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 800));
      return textAnswer("<late>");
    }),
    { timeouts: HASTE },
  );
  using client = await rawClient(portOf(listener));
  await client.send("GET /a HTTP/1.1\r\n\r\n");
  await client.until("<late>");
});

Deno.test("Listener closes connections beyond its number", async () => {
  await using listener = await listenTo(echo, { maxConnections: 1 });
  using first = await rawClient(portOf(listener));
  await first.send("GET /a HTTP/1.1\r\n\r\n");
  await first.until("GET /a ");
  using second = await rawClient(portOf(listener));
  await second.send("GET /b HTTP/1.1\r\n\r\n").catch(() => {});
  assert.equal(await second.untilEnd().catch(() => ""), "");
  await first.send("GET /c HTTP/1.1\r\n\r\n");
  await first.until("GET /c ");
});

Deno.test("Listener.close()", async (t) => {
  await t.step(
    "answers what it has, and lets idle connections go",
    async () => {
      const asked = Promise.withResolvers<void>();
      const open = Promise.withResolvers<void>();
      const listener = await listenTo(faceOf(async ({ segments }) => {
        if (segments[0] === "a") return textAnswer("<a>");
        asked.resolve();
        await open.promise;
        return textAnswer("<busy>");
      }));
      using idle = await rawClient(portOf(listener));
      await idle.send("GET /a HTTP/1.1\r\n\r\n");
      await idle.until("<a>");
      using busy = await rawClient(portOf(listener));
      await busy.send("GET /b HTTP/1.1\r\n\r\n");
      await asked.promise;
      const closed = listener.close(10_000);
      await idle.untilEnd();
      open.resolve();
      assert.match(await busy.untilEnd(), /connection: close\r\n[^]*<busy>$/i);
      await closed;
    },
  );

  await t.step("answers a request that was on its way", async () => {
    const listener = await listenTo(echo);
    using client = await rawClient(portOf(listener));
    await client.send("GET /a HTTP/1.1\r\n\r\n");
    await client.until("GET /a ");
    const closed = listener.close(10_000);
    await client.send("GET /b HTTP/1.1\r\n\r\n");
    assert.match(
      await client.untilEnd(),
      /connection: close\r\n[^]*GET \/b $/i,
    );
    await closed;
  });

  await t.step("cuts what takes longer than it may", async () => {
    const asked = Promise.withResolvers<void>();
    const never = Promise.withResolvers<never>();
    const listener = await listenTo(faceOf(() => {
      asked.resolve();
      return never.promise;
    }));
    using client = await rawClient(portOf(listener));
    await client.send("GET /b HTTP/1.1\r\n\r\n");
    await asked.promise;
    await listener.close(300);
    assert.equal(await client.untilEnd().catch(() => ""), "");
  });
});

Deno.test("Listener.open() says that a port is taken", async () => {
  await using listener = await listenTo(echo);
  const port = portOf(listener);
  await assert.rejects(
    listenTo(echo, { address: { scheme: "http", host: "127.0.0.1", port } }),
    {
      code: "io_failed",
      message: new RegExp(
        `^Cannot listen on "http://127.0.0.1:${port}": .* is listening there`,
      ),
    },
  );
});

Deno.test("Listener.open() binds IPv6", async () => {
  await using listener = await listenTo(echo, {
    address: { scheme: "http", host: "::1", port: 0 },
  });
  const response = await fetch(`http://[::1]:${portOf(listener)}/six`);
  assert.equal(await response.text(), "GET /six ");
});

needing(POSIX)("Listener.open() binds a unix socket", async (t) => {
  await using folder = await tempFolder();
  const path = `${folder.path}/mms.sock`;
  const address = { scheme: "unix", path } as const;

  await t.step("for its owner alone, and removes it", async () => {
    const listener = await listenTo(echo, { address });
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    using client = await rawUnixClient(path);
    await client.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert.match(await client.untilEnd(), /GET \/a $/);
    await listener.close(0);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  });

  await t.step("in place of one that a killed server left", async () => {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `Deno.listen({ transport: "unix", path: "${path}" }); Deno.kill(Deno.pid, "SIGKILL");`,
      ],
    }).output();
    assert.equal(success, false);
    assert.ok((await Deno.stat(path)).isSocket);
    await using _ = await listenTo(echo, { address });
  });

  await t.step("unless somebody listens on it", async () => {
    await using _ = await listenTo(echo, { address });
    await assert.rejects(listenTo(echo, { address }), {
      code: "io_failed",
      message:
        `Cannot listen on "unix:${path}": something else is listening there`,
    });
  });

  await t.step("unless it is some other file", async () => {
    const file = await folder.write("file", "precious");
    await assert.rejects(
      listenTo(echo, { address: { scheme: "unix", path: file } }),
      { code: "io_failed", message: /a file that is no socket/ },
    );
    assert.equal(await Deno.readTextFile(file), "precious");
  });
});

Deno.test("Listener answers beside a thousand connections that say nothing, or half of something", async () => {
  await using listener = await listenTo(echo, { maxConnections: 2000 });
  const port = portOf(listener);
  const idle = await Promise.all(
    Array.from({ length: 1000 }, () => rawClient(port)),
  );
  await Promise.all(
    idle.filter((_, i) => i % 2 === 0).map((client) =>
      client.send("GET /a HTTP/1.1\r\nX-Half: ")
    ),
  );
  using client = await rawClient(port);
  await client.send("GET /b HTTP/1.1\r\n\r\n");
  await client.until("GET /b ");
  for (const each of idle) each[Symbol.dispose]();
});
