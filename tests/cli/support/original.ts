/**
 * What the original's own server test sets up and asks again and again:
 * predictions over TLS, management over a unix socket.
 *
 * @module
 */

import assert from "node:assert/strict";
import { selfSigned } from "../../../src/server/tls/self_signed.ts";
import {
  HttpClient,
  type HttpQuestion,
} from "../../server/support/http_client.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { type Server, startServer } from "./mms.ts";

/** A server as the original's test sets it up, and connections to it. */
export interface Setup extends AsyncDisposable {
  readonly server: Server;
  readonly folder: TempFolder;
  /** Opens a connection for predictions. */
  readonly infer: () => Promise<HttpClient>;
  /** Opens a connection for the management. */
  readonly manage: () => Promise<HttpClient>;
}

/** Starts the server; further lines of its settings beat those before. */
export async function setUp(settings = ""): Promise<Setup> {
  const folder = await tempFolder();
  const identity = await selfSigned("localhost");
  assert.ok("cert" in identity);
  await folder.write("certs.pem", identity.cert);
  await folder.write("key.pem", identity.key);
  await writeModels(folder);
  const socket = `${folder.path}/management.sock`;
  await folder.write(
    "config.properties",
    `inference_address=https://127.0.0.1:0
management_address=unix:${socket}
model_store=models
load_models=noop-v0.1,noop-v1.0
preload_model=false
async_logging=true
max_request_size=10485760
private_key_file=key.pem
certificate_file=certs.pem
enable_envvars_config=true
allowed_urls=.*
${settings}`,
  );
  const server = await startServer([], { folder });
  const port = Number(new URL(server.inference).port);
  return {
    server,
    folder,
    infer: async () =>
      new HttpClient(
        await Deno.connectTls({
          hostname: "localhost",
          port,
          caCerts: [identity.cert],
        }),
      ),
    manage: async () =>
      new HttpClient(await Deno.connect({ transport: "unix", path: socket })),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Writes the models that need no Python. */
export async function writeModels(folder: TempFolder): Promise<void> {
  const noop = (modelName: string) =>
    JSON.stringify({ model: { modelName, handler: "mms:noop" } });
  await folder.write(
    "models/noop-v0.1/MAR-INF/MANIFEST.json",
    noop("noop_v0.1"),
  );
  await folder.write("models/noop-v1.0/MAR-INF/MANIFEST.json", noop("noop"));
  await folder.write("models/logging/MAR-INF/MANIFEST.json", noop("logging"));
  // Registered all right, but nobody can load it.
  await folder.write("models/init-error/model.onnx", "no graph");
  await folder.write(
    "models/init-error/MAR-INF/MANIFEST.json",
    JSON.stringify({ model: { modelName: "init-error" } }),
  );
}

/** Asks, and returns the status and what the JSON of the answer says. */
export async function said(
  client: HttpClient,
  line: string,
  question?: HttpQuestion,
): Promise<readonly [number, string]> {
  const { status, text } = await client.ask(line, question);
  const { status: done, message } = JSON.parse(text);
  return [status, done ?? message];
}

/** Headers of JSON. */
export const JSON_TYPE = { "Content-Type": "application/json" };
/** Headers of a form. */
export const FORM_TYPE = {
  "Content-Type": "application/x-www-form-urlencoded",
};

/** Makes a form of parts. */
export function multipart(...parts: readonly string[]): HttpQuestion {
  const lines = parts.flatMap((part) => ["--B", part]);
  return {
    headers: { "Content-Type": "multipart/form-data; boundary=B" },
    body: [...lines, "--B--", ""].join("\r\n"),
  };
}

/** A part that is a file. */
export const FILE =
  'Content-Disposition: form-data; name="data"; filename="test.txt"\r\nContent-Type: text/plain\r\n\r\ntest';

/** Steps 14 to 21: what each is, its request line, and the rest of it. */
export const PREDICTIONS: readonly (readonly [string, string, HttpQuestion])[] =
  [
    ["14 a form", "POST /predictions/noop", {
      headers: FORM_TYPE,
      body: "data=test",
    }],
    ["15 bytes", "POST /predictions/noop", {
      headers: { "Content-Type": "application/octet-stream" },
      body: "test",
    }],
    ["16 JSON", "POST /predictions/noop", {
      headers: JSON_TYPE,
      body: '{"data": "test"}',
    }],
    ["17 an invocation", "POST /invocations?model_name=noop", {
      headers: JSON_TYPE,
      body: '{"data": "test"}',
    }],
    [
      "18 an invocation that names another in its form",
      "POST /invocations",
      multipart(
        'Content-Disposition: form-data; name="model_name"\r\n\r\nnoop_v0.1',
        FILE,
      ),
    ],
    ["19 an invocation of a model", "POST /models/noop/invoke", {
      headers: JSON_TYPE,
      body: '{"data": "test"}',
    }],
    ["20 a file", "POST /models/noop/invoke", multipart(FILE)],
    ["21 the old path", "GET /noop/predict?data=test", {}],
  ];
