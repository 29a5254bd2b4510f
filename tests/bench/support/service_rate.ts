/**
 * What a service that does nothing costs beside the built-in one that does
 * nothing.
 *
 * @module
 */

import { PICTURE } from "./archives.ts";
import { load } from "./load.ts";
import { startServer } from "./process.ts";
import { claimLine, print } from "./statistics.ts";

const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONNECTIONS = 32;

/** Who is compared. */
export interface ServiceRateOptions {
  /** What the service is written in. */
  readonly language: string;
  /** The folder of the service. */
  readonly service: string;
  /** The built-in one. */
  readonly builtIn: string;
  /** What of its rate there must be. */
  readonly atLeast: number;
}

/** Prints the rates of both, and the claim. */
export async function benchServiceRate(
  { language, service, builtIn, atLeast }: ServiceRateOptions,
): Promise<void> {
  await using server = await startServer(
    ...["--workers", "1", `builtin=${builtIn}`, `service=${service}`],
  );
  const rate = async (model: string) => {
    const url = `${server.address}/predictions/${model}`;
    const seen = await load({
      ...{ url, connections: CONNECTIONS, body: PICTURE },
      seconds: ROUND_SECONDS,
    });
    if (seen.errors > 0) throw new Error(`${url}: ${seen.errors} errors`);
    return seen.perSecond;
  };
  await rate("builtin");
  await rate("service");
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [control, own] = [await rate("builtin"), await rate("service")];
    ratios.push(own / control);
    print(
      `  ${language} ${own.toFixed(0)}/s, built in ${control.toFixed(0)}/s`,
    );
  }
  print(claimLine({
    what: `no-op, ${CONNECTIONS} connections, 1 worker: ${language} ÷ built in`,
    ratios,
    goal: { atLeast },
  }));
}
