import { findPortHolder } from "./port_holder.ts";
import { messageOf, MmsError } from "../../errors.ts";

/** Where a listener is bound. */
export type ListenAddress =
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

/** Returns an address as people write it. */
export function addressText(address: ListenAddress): string {
  if (address.scheme === "unix") return `unix:${address.path}`;
  const { scheme, host, port } = address;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What systems answer to a bind, in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "this user may not bind it, ports of 1024 and above are free to all",
  EINVAL: "it is no address that can be listened on",
  ENOTFOUND: "there is no host of that name",
  ENOENT: "there is no such folder",
};

/** What helps somebody whose address is taken. */
export interface ListenAdvice {
  /** The flag that names another address, such as `--inference-address`. */
  readonly flag: string;
  /** Returns the process id of this user's server in the background, if any. */
  readonly backgroundPid?: (() => Promise<number | undefined>) | undefined;
}

/** Returns what to throw if an address cannot be bound. */
export async function cannotListen(
  address: ListenAddress,
  advice: ListenAdvice,
  cause: unknown,
): Promise<MmsError> {
  const code = cause instanceof Error && "code" in cause
    ? String(cause.code)
    : "";
  const reason = code === "EADDRINUSE"
    ? await inUse(address, advice)
    : REASONS[code] ?? messageOf(cause);
  return new MmsError(
    "io_failed",
    `Cannot listen on "${addressText(address)}": ${reason}`,
    { cause },
  );
}

async function inUse(
  address: ListenAddress,
  { flag, backgroundPid }: ListenAdvice,
): Promise<string> {
  const holder = address.scheme === "unix"
    ? undefined
    : await findPortHolder(address.port);
  const kind = address.scheme === "unix" ? "path" : "port";
  const another = `${flag} with another ${kind} would be right`;
  if (holder === undefined) {
    return `something else is listening there, ${another}`;
  }
  const { name, pid } = holder;
  return pid === await backgroundPid?.()
    ? `it is taken by the server in the background, pid ${pid}: mms serve --stop ends that, or ${another}`
    : `${name} with pid ${pid} is listening there, ${another}`;
}
