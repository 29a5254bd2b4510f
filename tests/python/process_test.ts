import assert from "node:assert/strict";
import { openFolder } from "../../src/archive/mod.ts";
import { PythonWorkers } from "../../src/workload/mod.ts";
import { tempFolder } from "../support/temp.ts";
import { PYTHON, pythonTest } from "./support/python.ts";
import { SERVICES, serviceServer } from "./support/service_server.ts";

const TEXT = { "content-type": "text/plain" };

pythonTest(
  "a Python worker gets the environment, but no secrets of the server",
  async () => {
    await using server = await serviceServer(
      ["--blacklist-env-vars", "DROPPED_.*"],
      {
        KEPT_VARIABLE: "kept",
        DROPPED_VARIABLE: "dropped",
        MMS_HTTP_TOKEN: "token",
        PYTHONPATH: "/own/path",
      },
    );
    await server.register("rude");
    const { text } = await server.ask("rude", {
      body: "show_environment",
      headers: TEXT,
    });
    const shown = JSON.parse(text);
    assert.equal(shown.KEPT_VARIABLE, "kept");
    assert.equal(shown.DROPPED_VARIABLE, null);
    assert.equal(shown.MMS_HTTP_TOKEN, null);
    assert.match(shown.PYTHONPATH, /.*services\/rude:\/own\/path:.*\/python\//);
  },
);

pythonTest(
  "a Python worker ends with the server, whatever it is at",
  async () => {
    await using server = await serviceServer();
    await server.register("rude");
    const { text } = await server.ask("rude", {
      body: "show_environment",
      headers: TEXT,
    });
    const { pid } = JSON.parse(text);
    const hanging = server.ask("rude", { body: "hang", headers: TEXT });
    const failed = assert.rejects(hanging);
    server.kill("SIGKILL");
    await failed;
    while (isAlive(pid)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
);

pythonTest(
  "Python workers start after somebody has emptied the cache",
  async () => {
    await using cache = await tempFolder();
    await using python = new PythonWorkers({
      interpreter: PYTHON,
      cacheFolder: cache.path,
    });
    const archive = await openFolder(`${SERVICES}/noop-v1.0`);
    const launch = python.beside();
    const start = async () => {
      const { args } = await launch({
        ...{ archive, handler: undefined, service: "auto", mayRunCode: true },
        ...{ runtime: "python", threads: 1 },
      });
      return await Deno.readTextFile(args[0]!);
    };
    const first = await start();
    await Deno.remove(`${cache.path}/python`, { recursive: true });
    assert.equal(await start(), first);
  },
);

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT"); // which changes nothing
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
