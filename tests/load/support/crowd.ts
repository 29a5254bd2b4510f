/**
 * Opens so many connections to an address, prints `ready`, and keeps them
 * until it hears something. Half of them have asked for something before.
 *
 * @module
 */

const [hostname, port, count] = Deno.args;
const HEALTH = new TextEncoder().encode("GET /ping HTTP/1.1\r\n\r\n");
const AT_ONCE = 100;

const crowd: Deno.Conn[] = [];
while (crowd.length < Number(count)) {
  const opened = Array.from({ length: AT_ONCE }, (_, i) => open(i % 2 === 0));
  crowd.push(...await Promise.all(opened));
}
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
await Deno.stdin.read(new Uint8Array(1));
for (const connection of crowd) connection.close();

async function open(asks: boolean): Promise<Deno.Conn> {
  const connection = await Deno.connect({
    hostname: hostname!,
    port: Number(port),
  });
  if (asks) {
    await connection.write(HEALTH);
    const read = await connection.read(new Uint8Array(4096));
    if (read === null) throw new Error("it was not answered");
  }
  return connection;
}
