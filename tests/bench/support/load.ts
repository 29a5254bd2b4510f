/**
 * Load from wrk, which costs little itself.
 *
 * @module
 */

/** What wrk is to do. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** A file that is sent as the body of each request. */
  readonly body: string;
}

/** What wrk saw. */
export interface Seen {
  readonly perSecond: number;
  /** Of these, successes. */
  readonly goodPerSecond: number;
  readonly p50Ms: number;
  /** Answers with a status of 400 or more, and broken connections. */
  readonly errors: number;
}

/** Sends requests for a while, one after another on each connection. */
export async function load(options: Load): Promise<Seen> {
  const script = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    await Deno.writeTextFile(script, luaScript(options.body));
    const { code, stdout, stderr } = await new Deno.Command("wrk", {
      args: [
        ...["-t", "1", "-c", String(options.connections)],
        ...["-d", `${options.seconds}s`, "--timeout", "30s"],
        ...["-s", script, options.url],
      ],
    }).output();
    const text = new TextDecoder();
    if (code !== 0) throw new Error(`wrk: ${text.decode(stderr)}`);
    return JSON.parse(text.decode(stdout).trimEnd().split("\n").at(-1)!);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new Error("wrk is not installed, Debian's package is called wrk");
    }
    throw error;
  } finally {
    await Deno.remove(script);
  }
}

function luaScript(body: string): string {
  return `
local file = io.open(${JSON.stringify(body)}, "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()
function done(summary, latency)
  local e = summary.errors
  local scale = 1e6 / summary.duration
  io.write(string.format(
    '{"perSecond": %f, "goodPerSecond": %f, "p50Ms": %f, "errors": %d}\\n',
    summary.requests * scale, (summary.requests - e.status) * scale,
    latency:percentile(50) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}
