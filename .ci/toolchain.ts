/**
 * The two executables that `deno compile` works with: Deno, and denort, the
 * runtime without tools that ends up in the binary. Both must be of the same
 * version.
 *
 * @module
 */

import { download, requireSum } from "./download.ts";
import { run } from "./process.ts";
import { attachesFiles, type Target } from "./targets.ts";

/** A pair of them. */
export interface Toolchain {
  /** The path of Deno. */
  readonly deno: string;
  /** The path of denort; `undefined` if Deno is to fetch it by itself. */
  readonly denort: string | undefined;
}

/**
 * Finds a toolchain: the one that `DENO_BIN` and `DENORT_BIN` name, else this
 * Deno with the official denort, else the one that `../shared` gives to
 * machines that cannot reach Deno's download server.
 */
export async function findToolchain(
  target: Target,
  root: string,
): Promise<Toolchain> {
  const deno = Deno.env.get("DENO_BIN") ?? Deno.execPath();
  const denort = Deno.env.get("DENORT_BIN");
  if (denort !== undefined) return { deno, denort };
  if (!attachesFiles(target)) return { deno, denort: undefined };
  const cache = `${root}/node_modules/.cache/toolchain`;
  await Deno.mkdir(cache, { recursive: true });
  try {
    return { deno, denort: await officialDenort(deno, target, cache) };
  } catch (error) {
    const shared = await sharedToolchain(target, root, cache);
    if (shared !== undefined) return shared;
    throw new Error(
      `Cannot fetch denort for ${target.triple}: ${
        String(error)
      }, DENO_BIN and DENORT_BIN can name a Deno and a denort of its version`,
      { cause: error },
    );
  }
}

/** The archive and its checksum come from different servers. */
async function officialDenort(
  deno: string,
  { triple }: Target,
  cache: string,
): Promise<string> {
  const version = await versionOf(deno);
  const folder = `${cache}/${version}-${triple}`;
  const denort = `${folder}/denort`;
  if (await exists(denort)) return denort;
  const file = `denort-${triple}.zip`;
  const zip = await download(
    `https://dl.deno.land/release/v${version}/${file}`,
  );
  const sum = await download(
    `https://github.com/denoland/deno/releases/download/v${version}/${file}.sha256sum`,
  );
  await requireSum(zip, new TextDecoder().decode(sum), file);
  await unzip(zip, folder);
  return denort;
}

async function versionOf(deno: string): Promise<string> {
  const { stdout } = await new Deno.Command(deno, { args: ["--version"] })
    .output();
  const version = /^deno (\d+\.\d+\.\d+)/.exec(
    new TextDecoder().decode(stdout),
  );
  if (version?.[1] !== undefined) return version[1];
  throw new Error(`Cannot tell the version of "${deno}"`);
}

/** Complete under its last name or not there at all. */
async function unzip(zip: Uint8Array, folder: string): Promise<void> {
  const unfinished = await Deno.makeTempDir({ dir: `${folder}/..` });
  await Deno.writeFile(`${unfinished}/denort.zip`, zip);
  await run("unzip", ["-q", "denort.zip", "denort"], unfinished);
  await Deno.remove(`${unfinished}/denort.zip`);
  await Deno.rename(unfinished, folder);
}

/** It is for this network alone: a release is built with the official one. */
async function sharedToolchain(
  target: Target,
  root: string,
  cache: string,
): Promise<Toolchain | undefined> {
  const tool = `${root}/../shared/tools/compile-toolchain`;
  const isOurs = target.os === Deno.build.os && Deno.build.arch === "x86_64";
  if (!isOurs || !await exists(tool)) return undefined;
  const folder = `${cache}/shared`;
  await run(tool, [folder], root);
  return { deno: `${folder}/deno`, denort: `${folder}/denort` };
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
