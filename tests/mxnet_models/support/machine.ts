/**
 * A folder in which commands are typed as the original's documents have them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { outcomeOf, startMms } from "../../cli/support/process.ts";
import { tempFolder } from "../../support/temp.ts";

/** Where commands run; the server that they leave behind ends with it. */
export interface Machine extends AsyncDisposable {
  /** The working folder, absolute. */
  readonly path: string;
  /** Copies files into a folder of the working folder. */
  readonly copy: (files: readonly string[], folder: string) => Promise<void>;
  /** Runs `mms`, asserts that it ends well, and returns what it printed. */
  readonly mms: (...args: readonly string[]) => Promise<string>;
  /** Runs curl, and returns what it printed. */
  readonly curl: (...args: readonly string[]) => Promise<string>;
}

/** Addresses that nothing else has. */
export const FREE_PORTS: readonly string[] = [
  ...["--inference-address", "http://127.0.0.1:0"],
  ...["--management-address", "http://127.0.0.1:0"],
];

/** Makes one that has nothing but an empty working folder, and a `tmp` beside it. */
export async function machine(
  environment: Readonly<Record<string, string>> = {},
): Promise<Machine> {
  const home = await tempFolder();
  const path = `${home.path}/work`;
  await Deno.mkdir(path);
  await Deno.mkdir(`${home.path}/tmp`);
  const env = {
    XDG_RUNTIME_DIR: home.path,
    MMS_CACHE_DIR: `${home.path}/cache`,
    TMPDIR: `${home.path}/tmp`,
    NO_COLOR: "1",
    ...environment,
  };
  const mms = async (...args: readonly string[]) => {
    const { code, out, err } = await outcomeOf(startMms(args, path, env));
    assert.equal(code, 0, `mms ${args.join(" ")}: ${err}`);
    return out;
  };
  return {
    path,
    mms,
    curl: (...args) => curl(args, path),
    copy: (files, folder) => copyInto(`${path}/${folder}`, files),
    async [Symbol.asyncDispose]() {
      await mms("mxnet-model-server", "--stop");
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Returns the addresses that a server has printed. */
export function addresses(
  printed: string,
): { readonly inference: string; readonly management: string } {
  const find = (name: string) => {
    const found = new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(printed);
    assert.ok(found, printed);
    return found[1]!;
  };
  return { inference: find("inference"), management: find("management") };
}

async function curl(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout } = await new Deno.Command("curl", {
    args: ["-s", ...args],
    cwd,
  }).output();
  assert.equal(code, 0, `curl ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}

/** As new files: what is read-only or linked elsewhere is not so here. */
async function copyInto(
  folder: string,
  files: readonly string[],
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const file of files) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    await Deno.writeFile(`${folder}/${name}`, await Deno.readFile(file));
  }
}
