import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { type Address, hostOf } from "./download_address.ts";

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
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Returns the value of a header, `undefined` where the server sent none. */
  header(name: string): string | undefined;
  /** The body as it is on the wire; ends with an error if it ends early. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up the connection, whatever of the body is left. */
  close(): void;
}

/**
 * Asks the server at one address. The address has been checked before, so the
 * host's name is not looked up again; TLS still holds the certificate against
 * the name.
 */
export function callAddress(call: Call, address: Address): Promise<Answer> {
  const { url, headers, signal } = call;
  const secure = url.protocol === "https:";
  const agent = secure ? new https.Agent() : new http.Agent();
  // Node hands the request's own options over, which say nothing we need.
  Object.assign(agent, { createConnection: () => connect(call, address) });
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      agent,
      headers,
      signal,
    }, (response) => resolve(answerOf(response)));
    request.on("error", reject);
    request.end();
  });
}

/** Asks through a proxy, which looks the host up by itself. */
export async function callThroughProxy(
  call: Call,
  proxy: string,
): Promise<Answer> {
  const client = Deno.createHttpClient({
    proxy: { url: proxy },
    caCerts: [...call.caCertificates],
  });
  try {
    const response = await fetch(call.url, {
      client,
      headers: call.headers,
      redirect: "manual",
      signal: call.signal,
    });
    return {
      status: response.status,
      statusText: response.statusText,
      header: (name) => response.headers.get(name) ?? undefined,
      body: response.body ?? new Blob().stream(),
      close() {
        // A body that is being read ends with its reader.
        response.body?.cancel().catch(() => {});
        client.close();
      },
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

function connect(call: Call, { address }: Address): net.Socket {
  const { url, caCertificates } = call;
  if (url.protocol === "http:") {
    return net.connect({ host: address, port: Number(url.port || 80) });
  }
  const servername = net.isIP(hostOf(url)) ? "" : url.hostname;
  return tls.connect({
    host: address,
    port: Number(url.port || 443),
    servername,
    ALPNProtocols: ["http/1.1"],
    ...(caCertificates.length > 0 &&
      { ca: [...tls.rootCertificates, ...caCertificates] }),
  });
}

function answerOf(response: http.IncomingMessage): Answer {
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    header(name) {
      const value = response.headers[name.toLowerCase()];
      return Array.isArray(value) ? value[0] : value;
    },
    body: response,
    close: () => void response.destroy(),
  };
}
