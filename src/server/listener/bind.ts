import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  cannotListen,
  type ListenAddress,
  type ListenAdvice,
} from "./listen_address.ts";
import { removeStaleSocket } from "./unix_socket.ts";

const BACKLOG = 4096;
const SOCKET_MODE = 0o600;

/**
 * Has a server listen, and returns where, with the port that the system chose.
 *
 * @throws {MmsError} `io_failed` if the address cannot be bound
 */
export async function bind(
  server: Server,
  address: ListenAddress,
  advice: ListenAdvice,
): Promise<ListenAddress> {
  if (address.scheme === "unix") await removeStaleSocket(address.path);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).once("listening", resolve);
  server.listen(
    address.scheme === "unix"
      ? { path: address.path, backlog: BACKLOG }
      : { host: address.host, port: address.port, backlog: BACKLOG },
  );
  try {
    await promise;
  } catch (error) {
    throw await cannotListen(address, advice, error);
  }
  if (address.scheme === "unix") {
    await Deno.chmod(address.path, SOCKET_MODE);
    return address;
  }
  // A server that listens on a host and a port has this kind of address.
  const { port } = server.address() as AddressInfo;
  return { ...address, port };
}
