/**
 * A place to run the commands of the documents as a user would.
 *
 * @module
 */

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { root } from "./paths.ts";
import { tempFolder } from "./temp.ts";

/** A folder laid out like a clone, with `mms` on the path, and ports of its own. */
export interface Sandbox extends AsyncDisposable {
  /** Runs a shell command and returns what it prints, errors last. */
  readonly run: (command: string) => Promise<string>;
}

/** Makes a sandbox; its server is stopped with it. It gets `variables` as well. */
export async function sandbox(
  variables: Readonly<Record<string, string>> = {},
): Promise<Sandbox> {
  const folder = await tempFolder();
  await Deno.symlink(`${root}/fixtures`, `${folder.path}/fixtures`);
  const shim = await folder.write(
    "bin/mms",
    `#!/bin/sh\nexec '${Deno.execPath()}' run -qA '${root}/main.ts' "$@"\n`,
  );
  await Deno.chmod(shim, 0o755);
  const [inference, management] = [await freePort(), await freePort()];
  const env = {
    PATH: `${folder.path}/bin:${Deno.env.get("PATH")}`,
    HOME: folder.path,
    XDG_CACHE_HOME: `${folder.path}/cache`,
    XDG_RUNTIME_DIR: `${folder.path}/run`,
    ...variables,
    DENO_DIR: await denoDir(),
    MMS_INFERENCE_ADDRESS: `http://127.0.0.1:${inference}`,
    MMS_MANAGEMENT_ADDRESS: `http://127.0.0.1:${management}`,
  };
  const ports = [["8080", inference], ["8081", management]] as const;
  const run = async (command: string) => {
    const script = ports.reduce(
      (text, [port, own]) => text.replaceAll(`:${port}`, `:${own}`),
      command,
    );
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", script],
      cwd: folder.path,
      env,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return ports.reduce(
      (text, [port, own]) => text.replaceAll(`:${own}`, `:${port}`),
      decoder.decode(stdout) + decoder.decode(stderr),
    ).replaceAll(folder.path, ".");
  };
  return {
    run,
    async [Symbol.asyncDispose]() {
      await run("mms serve --stop");
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
