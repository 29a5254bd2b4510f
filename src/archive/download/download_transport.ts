import { type Address, hostOf } from "./download_address.ts";
import { readAnswer, writeGet } from "./download_http1.ts";

/** One GET on the wire. */
export interface Call {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call, its body included. */
  readonly signal: AbortSignal;
  /** PEM certificates that are trusted besides the well-known ones. */
  readonly caCertificates: readonly string[];
}

/** What a server answered, redirects included. */
export interface Answer extends AsyncDisposable {
  readonly status: number;
  readonly statusText: string;
  /** Returns the value of a header, `undefined` where the server sent none. */
  header(name: string): string | undefined;
  /** The body as it is on the wire; ends with an error if it ends early. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks the server at one address. The address has been checked before, so the
 * host's name is not looked up again, which `fetch` would do; TLS still holds
 * the certificate against the name.
 */
export async function callAddress(
  call: Call,
  address: Address,
): Promise<Answer> {
  await using stack = new AsyncDisposableStack();
  const connection = stack.use(await connect(call, address));
  await connection.write(writeGet(call.url, call.headers));
  const { status, statusText, headers, body } = await readAnswer(connection);
  const held = stack.move();
  return {
    status,
    statusText,
    header: (name) => headers.get(name.toLowerCase()),
    body,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Asks through a proxy, which looks the host up by itself. */
export async function callThroughProxy(
  { url, headers, signal, caCertificates }: Call,
  proxy: string,
): Promise<Answer> {
  await using stack = new AsyncDisposableStack();
  const client = stack.adopt(
    Deno.createHttpClient({
      proxy: { url: proxy },
      caCerts: [...caCertificates],
    }),
    (it) => it.close(),
  );
  const response = await fetch(url, {
    client,
    headers,
    signal,
    redirect: "manual",
  });
  stack.defer(async () => {
    if (!response.body?.locked) await response.body?.cancel();
  });
  const held = stack.move();
  return {
    status: response.status,
    statusText: response.statusText,
    header: (name) => response.headers.get(name) ?? undefined,
    body: response.body ?? new Blob().stream(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** A connection that the caller's signal closes. */
interface Connection extends Disposable {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<void>;
}

async function connect(
  call: Call,
  { address }: Address,
): Promise<Connection> {
  const { url, caCertificates, signal } = call;
  const isSecure = url.protocol === "https:";
  const port = Number(url.port || (isSecure ? 443 : 80));
  const plain = await Deno.connect({ hostname: address, port, signal });
  if (!isSecure) return connectionOf(plain, signal);
  const secure = await Deno.startTls(plain, {
    hostname: hostOf(url),
    caCerts: [...caCertificates],
    alpnProtocols: ["http/1.1"],
  });
  return connectionOf(secure, signal);
}

function connectionOf(socket: Deno.Conn, signal: AbortSignal): Connection {
  const close = () => {
    signal.removeEventListener("abort", close);
    socket.close();
  };
  signal.addEventListener("abort", close);
  return {
    read: (buffer) => socket.read(buffer),
    async write(bytes) {
      for (let written = 0; written < bytes.length;) {
        written += await socket.write(bytes.subarray(written));
      }
    },
    [Symbol.dispose]() {
      if (!signal.aborted) close();
    },
  };
}
