import assert from "node:assert/strict";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import {
  type Answer,
  type Call,
  callAddress,
  callThroughProxy,
} from "../../../src/archive/download/download_transport.ts";
import { fileServer } from "../support/file_server.ts";
import { AUTHORITY, CERTIFICATE, KEY } from "../support/tls.ts";

const LOOPBACK = { address: "127.0.0.1", family: 4 } as const;

function callOf(url: string, options: Partial<Call> = {}): Call {
  return {
    url: new URL(url),
    headers: { "x-test": "1" },
    signal: new AbortController().signal,
    caCertificates: [],
    ...options,
  };
}

async function textOf(answer: Answer): Promise<string> {
  const chunks = await Array.fromAsync(answer.body);
  await answer[Symbol.asyncDispose]();
  return new TextDecoder().decode(
    new Uint8Array(chunks.flatMap((it) => [...it])),
  );
}

async function secureServer(): Promise<AsyncDisposable & { port: number }> {
  const server = createSecureServer(
    { cert: CERTIFICATE, key: KEY },
    (request, response) => void response.end(`hello ${request.headers.host}`),
  );
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

Deno.test("callAddress()", async (t) => {
  await t.step(
    "asks the given address, whatever the name would lead to",
    async () => {
      await using server = await fileServer((request, response) => {
        response.writeHead(207, "As you like", { "x-back": "2" });
        response.end(`${request.headers.host} ${request.headers["x-test"]}`);
      });
      const url = `http://models.invalid:${server.port}/a?b`;
      const answer = await callAddress(callOf(url), LOOPBACK);
      assert.equal(answer.status, 207);
      assert.equal(answer.header("X-Back"), "2");
      assert.equal(answer.header("x-other"), undefined);
      assert.equal(await textOf(answer), `models.invalid:${server.port} 1`);
      assert.equal(server.seen[0]?.path, "/a?b");
    },
  );
  await t.step("holds the certificate against the name", async () => {
    await using server = await secureServer();
    const caCertificates = [AUTHORITY];
    const url = `https://models.test:${server.port}/`;
    const call = callOf(url, { caCertificates });
    assert.equal(
      await textOf(await callAddress(call, LOOPBACK)),
      `hello models.test:${server.port}`,
    );
    const wrong = callOf(`https://other.test:${server.port}/`, {
      caCertificates,
    });
    await assert.rejects(callAddress(wrong, LOOPBACK));
    await assert.rejects(callAddress(callOf(url), LOOPBACK));
  });
  await t.step("ends with its signal", async () => {
    await using server = await fileServer(() => {});
    const controller = new AbortController();
    const asking = callAddress(
      callOf(server.url, { signal: controller.signal }),
      LOOPBACK,
    );
    controller.abort();
    await assert.rejects(asking);
  });
});

Deno.test("callThroughProxy()", async (t) => {
  await t.step("leaves the name to the proxy", async () => {
    await using proxy = await fileServer((request, response) =>
      void response.end(`proxied ${request.url}`)
    );
    const url = "http://models.invalid/a";
    const answer = await callThroughProxy(callOf(url), proxy.url);
    assert.equal(await textOf(answer), `proxied ${url}`);
  });
  await t.step("hands redirects back", async () => {
    await using proxy = await fileServer((_request, response) =>
      void response.writeHead(302, { location: "/b" }).end()
    );
    const answer = await callThroughProxy(
      callOf("http://models.invalid/a"),
      proxy.url,
    );
    assert.equal(answer.status, 302);
    assert.equal(answer.header("location"), "/b");
    assert.equal(await textOf(answer), "");
  });
});
