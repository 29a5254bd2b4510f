/** Connects to an address of a `Rendezvous`: `unix:PATH` or `tcp:PORT`. */
export async function connectTo(address: string): Promise<Deno.Conn> {
  const separator = address.indexOf(":");
  const where = address.slice(separator + 1);
  if (address.slice(0, separator) === "unix") {
    return await Deno.connect({ transport: "unix", path: where });
  }
  const connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(where),
  });
  connection.setNoDelay();
  return connection;
}
