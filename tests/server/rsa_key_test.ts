import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { Buffer } from "node:buffer";
import { connect } from "node:tls";
import { tempFolder } from "../support/temp.ts";
import { echo, listenTo, portOf } from "./support/listeners.ts";
import { RSA_CERTIFICATE, RSA_KEY_PKCS1 } from "./support/rsa_identity.ts";

const HTTPS = { scheme: "https", host: "127.0.0.1", port: 0 } as const;

/** The same key, as PKCS#8. */
function pkcs8(): string {
  const key = createPrivateKey(RSA_KEY_PKCS1);
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

/** Asks a server whose certificate has to be ours, and returns the answer. */
async function ask(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Uint8Array[] = [];
  const socket = connect({
    port,
    host: "127.0.0.1",
    servername: "localhost",
    ca: RSA_CERTIFICATE,
  }, () => {
    socket.write("GET /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  });
  socket.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  socket.on("end", () => resolve(Buffer.concat(chunks).toString()));
  socket.on("error", reject);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

for (const [kind, key] of [["PKCS#1", RSA_KEY_PKCS1], ["PKCS#8", pkcs8()]]) {
  Deno.test(`Listener with https takes an RSA key in ${kind}`, async () => {
    await using folder = await tempFolder();
    const tls = {
      kind: "pem",
      certificateFile: await folder.write("a.crt", RSA_CERTIFICATE),
      privateKeyFile: await folder.write("a.key", key!),
    } as const;
    await using listener = await listenTo(echo, { address: HTTPS, tls });
    const answer = await ask(portOf(listener));
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*GET \/x /);
  });
}
