import assert from "node:assert/strict";
import {
  packArchive,
  packedFromDisk,
  packedText,
} from "../../src/archive/mod.ts";
import {
  type Answerer,
  type FileServer,
  fileServer,
} from "../archive/support/file_server.ts";
import { DENO_RUN } from "../cli/support/mms.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { Caller, eventually, startCallers } from "./support/caller.ts";
import { Ledger } from "./support/ledger.ts";
import { type LoadServer, startLoadServer } from "./support/load_server.ts";
import { newQuestion, writeWorkModel } from "./support/work_model.ts";
import { needing } from "../support/needing.ts";

/** Mounts a disk of `$1` bytes on `$2`, for what the rest of the line runs alone. */
const MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';

function onSmallDisk(path: string, bytes: number) {
  const args = ["-rm", "sh", "-c", MOUNT, "sh", String(bytes), path] as const;
  return ["unshare", ...args, ...DENO_RUN] as const;
}

/** Registers a test that gives a server a disk of its own. */
const diskTest = needing(canMount() ? undefined : "unshare and mount");

function canMount(): boolean {
  if (Deno.build.os !== "linux") return false;
  const [program, ...args] = onSmallDisk("/mnt", 1 << 20);
  try {
    const { success } = new Deno.Command(program, {
      args: [...args.slice(0, -DENO_RUN.length), "true"],
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}

/** What the disk must have left beside a download. */
const SPARE = 16 << 20;
const MEGABYTE = 1 << 20;

diskTest(
  "A disk that is full costs nothing but the model that does not fit",
  async () => {
    await using folder = await tempFolder();
    await using files = await fileServer(await archives(folder));
    await Deno.mkdir(`${folder.path}/disk`);
    const disk = `${folder.path}/disk`;
    await using server = await startLoadServer(
      [
        ...["--workers", "1", "--cache-dir", `${disk}/cache`],
        ...["--allowed-urls", ".*"],
      ],
      { folder, runner: onSmallDisk(disk, SPARE + 4 * MEGABYTE) },
    );
    const ledger = new Ledger();
    const options = { address: server.inference, ledger };
    await using callers = startCallers({
      ...options,
      model: "work",
      callers: 4,
    });
    await callers.answered(20);
    for (const name of ["stated", "unstated", "unpacked"]) {
      const { status, json } = await register(server, files, name);
      assert.ok(status >= 400, `${name}: ${status}`);
      assert.ok(json.message, name);
      await callers.answered(50);
    }
    // What did not fit has left nothing behind that would be in the way.
    const { status, json } = await register(server, files, "fitting");
    assert.equal(status, 200, json.message);
    using caller = new Caller({ ...options, model: "fitting" });
    await caller.ask(newQuestion());
    await callers.end();
    ledger.settle();
  },
);

function register(server: LoadServer, files: FileServer, name: string) {
  const url = encodeURIComponent(`${files.url}/${name}.mar`);
  return server.manage(
    `POST /models?url=${url}&model_name=${name}&initial_workers=1&synchronous=true`,
  );
}

/** One that says that it is too large, one that is, one that will be, and one that fits. */
async function archives(folder: TempFolder): Promise<Answerer> {
  const graph = `${await writeWorkModel(folder)}/net.onnx`;
  const file = packedFromDisk("net.onnx", graph, (await Deno.stat(graph)).size);
  const zeros = packedText("zeros.txt", "\0".repeat(96 * MEGABYTE));
  const fitting = await packed(`${folder.path}/fitting.mar`, [file]);
  const unpacked = await packed(`${folder.path}/unpacked.mar`, [file, zeros]);
  const noise = crypto.getRandomValues(new Uint8Array(1 << 16));
  return ({ url }, response) => {
    if (url === "/fitting.mar") response.end(fitting);
    else if (url === "/unpacked.mar") response.end(unpacked);
    else if (url === "/stated.mar") {
      response.writeHead(200, { "content-length": 1 << 30 });
      response.write(noise);
    } else {
      const more = () => {
        while (response.write(noise));
      };
      response.on("drain", more);
      more();
    }
  };
}

async function packed(
  path: string,
  contents: Parameters<typeof packArchive>[0],
): Promise<Uint8Array> {
  await packArchive(contents, path, { format: "default" });
  return await Deno.readFile(path);
}

diskTest(
  "A disk that is full costs lines of the log, and nothing else",
  async () => {
    await using folder = await tempFolder();
    const disk = `${folder.path}/disk`;
    await Deno.mkdir(disk);
    await using server = await startLoadServer(
      [
        "--workers",
        "1",
        "--log-location",
        `${disk}/logs`,
        "--log-level",
        "info",
      ],
      { folder, runner: onSmallDisk(disk, 4 * MEGABYTE) },
    );
    const seen = `/proc/${server.pid}/root${disk}`;
    const logged = async () =>
      (await Deno.stat(`${seen}/logs/access_log.log`)).size;
    const ledger = new Ledger();
    const options = { address: server.inference, model: "work", ledger };
    await using callers = startCallers({ ...options, callers: 4 });
    await eventually("it is logged", async () => await logged() > 0);
    await assert.rejects(
      Deno.writeFile(`${seen}/ballast`, new Uint8Array(8 * MEGABYTE)),
    );
    // More lines than a page that a file has already can take.
    await callers.answered(300);
    const full = await logged();
    await callers.answered(100);
    assert.equal(await logged(), full);
    await Deno.remove(`${seen}/ballast`);
    await eventually("it is logged again", async () => await logged() > full);
    await callers.end();
    ledger.settle();
  },
);
