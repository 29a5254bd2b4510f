import { MmsError } from "../errors.ts";

/** Where a listener is to be bound. */
export type Address =
  | {
    readonly scheme: "http" | "https";
    /** A name, an IPv4 address, or an IPv6 address without brackets. */
    readonly host: string;
    /** 0 to 65535; 0 lets the system choose. */
    readonly port: number;
  }
  | {
    readonly scheme: "unix";
    /** The path of the socket, absolute. */
    readonly path: string;
  };

/** The port that each scheme gets where an address names none. */
export interface DefaultPorts {
  readonly http: number;
  readonly https: number;
}

const TCP =
  /^(https?):\/\/(?:\[([0-9a-f:.]+)\]|([^:/^[\]\s?#@]+))(?::(\d+))?$/i;
const UNIX = /^unix:(\/[^\0]*[^\0/])$/i;
const HOST_AND_PORT = /^(?:\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i;
const BEHIND_PORT = /^(https?:\/\/[^/?#]+)[/?#].*$/is;
const MAX_PORT = 65535;

/**
 * Reads `http://host:port`, `https://host:port`, with an IPv6 host in brackets,
 * or `unix:/absolute/path`.
 *
 * @throws {MmsError} `invalid_settings` if the text is none of these
 */
export function parseAddress(text: string, ports: DefaultPorts): Address {
  const unix = UNIX.exec(text);
  if (unix) return { scheme: "unix", path: unix[1]! };
  const tcp = TCP.exec(text);
  if (!tcp) throw invalid(`Invalid binding address: ${text}${hint(text)}`);
  const scheme = tcp[1]!.toLowerCase() === "https" ? "https" : "http";
  const port = tcp[4] === undefined ? ports[scheme] : Number(tcp[4]);
  if (port > MAX_PORT) {
    throw invalid(
      `Invalid port number: ${text}, 0 to ${MAX_PORT} would be right`,
    );
  }
  return { scheme, host: tcp[2] ?? tcp[3]!, port };
}

/** Writes an address as {@linkcode parseAddress} reads it. */
export function formatAddress(address: Address): string {
  if (address.scheme === "unix") return `unix:${address.path}`;
  const { scheme, host, port } = address;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What somebody meant who left out the scheme, or copied a whole url. */
function hint(text: string): string {
  const right = HOST_AND_PORT.test(text)
    ? `http://${text}`
    : text.replace(BEHIND_PORT, "$1");
  return TCP.test(right) ? `, ${right} would be right` : "";
}

function invalid(message: string): MmsError {
  return new MmsError("invalid_settings", `Invalid configuration: ${message}`);
}
