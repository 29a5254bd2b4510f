/**
 * A server of the model that works as long as it is asked to.
 *
 * @module
 */

import { descendants } from "../../bench/support/process.ts";
import {
  FREE_PORTS,
  type Place,
  type Server,
  startServer,
} from "../../cli/support/mms.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { eventually } from "./caller.ts";
import { writeWorkModel } from "./work_model.ts";
import { LINUX, needing, type Register } from "../../support/needing.ts";

/** A server, and what is known of it from outside. */
export interface LoadServer extends Server {
  /** Where it runs, with its model in `work`. */
  readonly folder: TempFolder;
  /** The ids of its worker processes. */
  readonly workers: () => Promise<readonly number[]>;
  /** Whether all workers are. */
  readonly isReady: () => Promise<boolean>;
  /** Waits until all workers are ready, and so many of them are none of these. */
  readonly replaced: (count: number, old: readonly number[]) => Promise<void>;
  /** Asks the management API, which answers JSON. */
  readonly manage: (
    line: string,
  ) => Promise<{ readonly status: number; readonly json: Described }>;
  /** Sum of a metric over all its labels. */
  readonly metric: (name: string) => Promise<number>;
}

/** What of the management API's answers tests look at. */
export interface Described {
  readonly status?: string;
  readonly message?: string;
  readonly workers?: readonly {
    readonly status: string;
    readonly startTime: string;
  }[];
}

/** Registers a test that looks at processes as only Linux shows them. */
export const linuxTest: Register = needing(LINUX);

/** Starts `mms serve` with the model `work` and waits until it is ready. */
export async function startLoadServer(
  args: readonly string[],
  place: Partial<Place> = {},
): Promise<LoadServer> {
  await using stack = new AsyncDisposableStack();
  const folder = place.folder ?? stack.use(await tempFolder());
  const model = await writeWorkModel(folder);
  const server = stack.use(
    await startServer(
      [
        ...[...FREE_PORTS, "--model-store", folder.path],
        ...["--log-level", "error", ...args, `work=${model}`],
      ],
      { ...place, folder },
    ),
  );
  const view = viewOf(server);
  await eventually("all workers are ready", view.isReady);
  const held = stack.move();
  return {
    ...server,
    ...view,
    folder,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Asks on a connection of its own, so that none stays open on either side. */
export async function fetchAlone(
  url: string,
  init: RequestInit = {},
): Promise<Response> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const response = await fetch(url, { ...init, client });
  const body = await response.bytes();
  return new Response(body, response);
}

function viewOf({ pid, inference, management }: Server) {
  const workers = () => descendants(pid);
  const manage = async (line: string) => {
    const [method, path] = line.split(" ");
    const init = { method: method! };
    const response = await fetchAlone(`${management}${path}`, init);
    const json: Described = await response.json();
    return { status: response.status, json };
  };
  const isReady = async () => {
    const { json } = await manage("GET /models/work");
    return json.workers!.every(({ status }) => status === "READY");
  };
  return {
    workers,
    manage,
    isReady,
    async replaced(count: number, old: readonly number[]) {
      await eventually("new workers are ready", async () => {
        const fresh = (await workers()).filter((it) => !old.includes(it));
        return fresh.length >= count && await isReady();
      });
    },
    async metric(name: string) {
      const text = await (await fetchAlone(`${inference}/metrics`)).text();
      const samples = text.matchAll(
        new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"),
      );
      return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
    },
  };
}
