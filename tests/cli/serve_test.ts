import assert from "node:assert/strict";
import { everyKind } from "../service/image/support/every_kind.ts";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { until } from "../workload/support/workload.ts";
import { addresses, FREE_PORTS, outcome, startServer } from "./support/mms.ts";
import { needing, POSIX } from "../support/needing.ts";

const DIGITS = `${root}/fixtures/digits/onnx`;
const THREE = `${root}/fixtures/digits/images/3_three.png`;
async function firstClass(url: string): Promise<string> {
  const body = await Deno.readFile(THREE);
  const response = await fetch(url, { method: "POST", body });
  const answer = await response.text();
  assert.equal(response.status, 200, answer);
  return JSON.parse(answer)[0].class;
}

Deno.test("mms serve answers with a real model", async (t) => {
  await using folder = await tempFolder();
  await using server = await startServer(
    [...FREE_PORTS, "--workers", "1", `digits=${DIGITS}`],
    { folder },
  );

  await t.step("says where, and which model", () => {
    assert.match(server.said, /^ {2}models +digits$/m);
  });

  await t.step("at once, though its worker has just begun", async () => {
    assert.equal(
      await firstClass(`${server.inference}/predictions/digits`),
      "three",
    );
  });

  await t.step("by the command that it gives as an example", async () => {
    const [, example] = /^Try it: (.*)$/m.exec(server.said)!;
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-c", example!],
      stderr: "null",
    }).output();
    assert.equal(code, 0);
    assert.equal(JSON.parse(new TextDecoder().decode(stdout)).length, 5);
  });

  await t.step("about itself", async () => {
    const response = await fetch(`${server.management}/models/digits`);
    const { minWorkers, status, loadedAtStartup } = await response.json();
    assert.deepEqual([minWorkers, status, loadedAtStartup], [1, "READY", true]);
  });

  await t.step("and ends with 0 when it is told to", async () => {
    const { code, err } = await server.end("SIGTERM");
    assert.equal(code, 0, err);
    assert.match(err, /Model server stopped\./);
  });
});

Deno.test("mms serve decodes every kind of picture", async (t) => {
  await using folder = await tempFolder();
  await using server = await startServer(
    [...FREE_PORTS, "--workers", "1", `digits=${DIGITS}`],
    { folder },
  );
  const url = `${server.inference}/predictions/digits`;
  for (const [kind, body] of Object.entries(await everyKind())) {
    await t.step(kind, async () => {
      const response = await fetch(url, {
        method: "POST",
        body: new Uint8Array(body),
      });
      const answer = await response.text();
      assert.equal(response.status, 200, answer);
      assert.equal(JSON.parse(answer).length, 5);
    });
  }
});

Deno.test("mms serve answers what it has accepted before it stops", async () => {
  await using folder = await tempFolder();
  await using server = await startServer([
    ...FREE_PORTS,
    "--workers",
    "1",
    `d=${DIGITS}`,
  ], {
    folder,
  });
  // The worker has only just begun, so these wait for it.
  const answers = Array.from(
    { length: 8 },
    () => firstClass(`${server.inference}/predictions/d`),
  );
  await Promise.any([
    ...answers,
    fetch(`${server.inference}/ping`).then((response) =>
      response.body?.cancel()
    ),
  ]);
  const ended = server.end("SIGTERM");
  assert.deepEqual(await Promise.all(answers), Array(8).fill("three"));
  assert.equal((await ended).code, 0);
});

Deno.test("mms serve ends with 130 when the user interrupts it", async () => {
  await using folder = await tempFolder();
  await using server = await startServer(FREE_PORTS, { folder });
  assert.match(server.said, /^ {2}models +none$/m);
  assert.match(server.said, /^Register a model: curl -X POST 'http:/m);
  assert.equal((await server.end("SIGINT")).code, 130);
});

Deno.test("mms serve leaves out a model that it cannot open", async () => {
  await using folder = await tempFolder();
  await folder.write("store/broken.mar", "no archive");
  await Deno.symlink(DIGITS, `${folder.path}/store/digits`);
  await using server = await startServer(
    [
      ...FREE_PORTS,
      "--model-store",
      "store",
      "--models",
      "ALL",
      "--workers",
      "1",
    ],
    { folder },
  );
  assert.match(server.said, /^ {2}models +digits$/m);
  const { err } = await server.end("SIGTERM");
  assert.match(err, /Failed to load model: broken\.mar: Cannot/);
});

Deno.test("mms serve reads ./config.properties, and writes the log files of the original", async () => {
  await using folder = await tempFolder();
  await folder.write("config.properties", "job_queue_size=7\nvmargs=-Xmx1g\n");
  await using server = await startServer(FREE_PORTS, { folder });
  const { err } = await server.end("SIGTERM");
  assert.match(err, /vmargs means nothing here/);
  const log = await Deno.readTextFile(`${folder.path}/logs/mms_log.log`);
  assert.match(
    log,
    /mms\.serve - mms \d.*\n +Current directory: \/.*\n +Number of CPUs: [1-9]\d*\n +Config file: config\.properties\n/,
  );
  assert.match(log, /Log dir: logs\n +Metrics dir: logs\n/);
});

needing(POSIX)("mms serve opens its log files anew at SIGHUP", async () => {
  await using folder = await tempFolder();
  const logs = `${folder.path}/logs`;
  await using server = await startServer(
    [...FREE_PORTS, "--log-location", logs],
    { folder },
  );
  await Deno.rename(`${logs}/mms_log.log`, `${logs}/moved.log`);
  server.kill("SIGHUP");
  await until("the file is there", () => exists(`${logs}/mms_log.log`));
  const { code } = await server.end("SIGTERM");
  assert.equal(code, 0);
  const text = await Deno.readTextFile(`${logs}/mms_log.log`);
  assert.match(text, /Model server stopped\./);
});

needing(POSIX)("mms serve looks at its models again at SIGHUP", async () => {
  await using folder = await tempFolder();
  for await (const { name } of Deno.readDir(DIGITS)) {
    const content = await Deno.readFile(`${DIGITS}/${name}`);
    await folder.write(`store/old/${name}`, content);
  }
  await using server = await startServer(
    [
      ...[...FREE_PORTS, "--model-store", "store"],
      ...["--models", "ALL", "--workers", "1", "--log-location", "logs"],
    ],
    { folder },
  );
  const [old, fresh] = ["old", "fresh"].map((name) =>
    `${server.inference}/predictions/${name}`
  );
  assert.equal(await firstClass(old!), "three");
  const labels = `${folder.path}/store/old/synset.txt`;
  const text = await Deno.readTextFile(labels);
  await Deno.writeTextFile(labels, text.replace("three", "drei"));
  await Deno.symlink(DIGITS, `${folder.path}/store/fresh`);
  server.kill("SIGHUP");
  await until("it is there", () => answers(fresh!));
  assert.equal(await firstClass(fresh!), "three");
  assert.equal(await firstClass(old!), "drei");
  await Deno.remove(`${folder.path}/store`, { recursive: true });
  server.kill("SIGHUP");
  await until("it has looked in vain", async () => {
    const log = await Deno.readTextFile(`${folder.path}/logs/mms_log.log`);
    return log.match(/certificate and models read again/g)?.length === 2;
  });
  assert.equal((await server.end("SIGTERM")).code, 0);
  const log = await Deno.readTextFile(`${folder.path}/logs/mms_log.log`);
  assert.match(log, /\[ERROR\] .*store/);
  assert.match(log, /Model old replaced: its files have changed\./);
});

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, {
    method: "POST",
    body: await Deno.readFile(THREE),
  });
  await response.body?.cancel();
  return response.status === 200;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("mms serve says where a token is to be found, once", async () => {
  await using folder = await tempFolder();
  await using server = await startServer(
    [...FREE_PORTS.slice(0, 2), "--management-address", "http://0.0.0.0:0"],
    { folder },
  );
  const [, token] = /^ {2}its token +(\S+)$/m.exec(server.said)!;
  const url = `${server.management.replace("0.0.0.0", "127.0.0.1")}/models`;
  const refused = await fetch(url);
  await refused.body?.cancel();
  assert.equal(refused.status, 401);
  const headers = { authorization: `Bearer ${token}` };
  const answered = await fetch(url, { headers });
  await answered.body?.cancel();
  assert.equal(answered.status, 200);
  const { err } = await server.end("SIGTERM");
  assert.ok(!err.includes(token!), "the log has it not");
});

Deno.test("mms serve hides the secrets of its settings from the first line on", async () => {
  await using folder = await tempFolder();
  const secret = "not-for-everybody";
  // A warning that repeats the secret, before there is anything but a log.
  await folder.write(
    "config.properties",
    `inference_token=${secret}\n${secret}=1\n`,
  );
  await using server = await startServer([], { folder });
  const { err } = await server.end("SIGTERM");
  assert.match(err, /there is no setting \*\*\*/);
  assert.equal(err.includes(secret), false);
});

Deno.test("mms serve in the background", async (t) => {
  await using folder = await tempFolder();
  const place = { folder };

  await t.step("returns when it answers", async () => {
    const { code, out, err } = await outcome(
      ["serve", "--start", ...FREE_PORTS, "--workers", "1", `digits=${DIGITS}`],
      place,
    );
    assert.equal(code, 0, err);
    assert.match(out, /Model server started\.\n$/);
    assert.equal(
      await firstClass(`${addresses(out).inference}/predictions/digits`),
      "three",
    );
  });

  await t.step("is not started twice", async () => {
    const { code, out } = await outcome(
      ["serve", "--start", ...FREE_PORTS],
      place,
    );
    assert.equal(code, 1);
    assert.equal(
      out,
      "Model server is already running, please use mms serve --stop to stop MMS.\n",
    );
  });

  await t.step("nor under an old name, in the original's words", async () => {
    const { code, out } = await outcome(
      ["multi-model-server", ...FREE_PORTS],
      place,
    );
    assert.equal(code, 1);
    assert.equal(
      out,
      "Model server is already running, please use multi-model-server --stop to stop MMS.\n",
    );
  });

  await t.step("stops when it is told to", async () => {
    const { code, out } = await outcome(["serve", "--stop"], place);
    assert.deepEqual([code, out], [0, "Model server stopped.\n"]);
  });

  await t.step("has nothing to stop then", async () => {
    const { code, out } = await outcome(["serve", "--stop"], place);
    assert.deepEqual([code, out], [
      0,
      "Model server is not currently running.\n",
    ]);
  });

  await t.step("says why it does not start", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const address = `http://127.0.0.1:${taken.addr.port}`;
    const { code, err } = await outcome(
      ["serve", "--start", "--inference-address", address],
      place,
    );
    assert.equal(code, 1);
    assert.match(
      err,
      new RegExp(`^Cannot listen on "${address}": .* is listening there.*\n$`),
    );
  });

  await t.step("is where it goes by itself under its old names", async () => {
    const { code, out } = await outcome(
      ["multi-model-server", ...FREE_PORTS],
      place,
    );
    assert.equal(code, 0);
    assert.match(out, /Model server started\.\n$/);
    await outcome(["multi-model-server", "--stop"], place);
  });

  await t.step("and is told once that the oldest name has passed", async () => {
    const { out } = await outcome(
      ["mxnet-model-server", ...FREE_PORTS],
      place,
    );
    assert.equal(out.match(/^Warning: Calling MMS with mxnet/gm)?.length, 1);
    await outcome(["multi-model-server", "--stop"], place);
  });
});

Deno.test("mms serve knows a pid that is no longer its own", async (t) => {
  await using folder = await tempFolder();
  const pidFile = await folder.write("mms/mms.pid", `${Deno.pid}\n`);
  await Deno.chmod(`${folder.path}/mms`, 0o700);

  await t.step("when it stops", async () => {
    const { code, out } = await outcome(["serve", "--stop"], { folder });
    assert.deepEqual([code, out], [0, "Model server already stopped.\n"]);
  });

  await t.step("when it starts", async () => {
    await Deno.writeTextFile(pidFile, `${Deno.pid}\n`);
    const { code, out } = await outcome(["serve", "--start", ...FREE_PORTS], {
      folder,
    });
    assert.equal(code, 0);
    assert.match(out, /^Removing orphan pid file\.\n/);
    await outcome(["serve", "--stop"], { folder });
  });
});

Deno.test("mms serve refuses a TEMP that is no folder", async () => {
  await using folder = await tempFolder();
  const env = { TEMP: "nowhere" };
  const { code, err } = await outcome(["serve"], { folder, env });
  assert.equal(code, 1);
  assert.equal(
    err,
    "Invalid temp directory: nowhere, please check TEMP environment variable.\n",
  );
});

const MISTAKES: readonly [readonly string[], number, RegExp][] = [
  [["--start", "--stop"], 2, /'--start' cannot be used with option '--stop'/],
  [
    ["--start", "--foreground"],
    2,
    /'--start' cannot be used with option '--foreground'/,
  ],
  [["--stop", "a.mar"], 2, /^Cannot stop "a\.mar": --stop stops the server/],
  [["--mms-config", "."], 1, /^Cannot read "\.": it is a folder, /],
  [["--models"], 2, /option '--models <model\.\.\.>' argument missing/],
  [["--prot", "80"], 2, /unknown option '--prot'/],
  [["--mms-config", "nowhere"], 1, /^--mms-config file not found: nowhere\n$/],
  [
    ["--log-config", "nowhere"],
    1,
    /^--log-config file not found: \/.*\/nowhere\n$/,
  ],
  [
    ["--model-store", "nowhere"],
    1,
    /^--model-store directory not found: nowhere\n$/,
  ],
  [
    ["--inference-address", "127.0.0.1:80"],
    2,
    /^Invalid configuration: Invalid binding address: 127\.0\.0\.1:80, http:\/\/127\.0\.0\.1:80 would be right: --inference-address must be http/,
  ],
  [
    ["--workers", "many"],
    2,
    /^Cannot use "many" as --workers: it must be a whole number of 0 or more\n$/,
  ],
  [
    [...FREE_PORTS, "nowhere.mar"],
    1,
    /^Cannot serve "nowhere\.mar": it is no file, no folder and no model of the zoo\n$/m,
  ],
];

for (const [args, code, message] of MISTAKES) {
  Deno.test(`mms serve ${args.join(" ")} ends with ${code}`, async () => {
    await using folder = await tempFolder();
    const result = await outcome(["serve", ...args], { folder });
    assert.equal(result.code, code, result.err);
    assert.match(result.err, message);
  });
}

Deno.test("mms serve --print-config shows settings and where they come from", async () => {
  await using folder = await tempFolder();
  const { code, out } = await outcome(
    [
      "serve",
      "a.mar",
      "--models",
      "b=b.mar",
      "--workers",
      "3",
      "--print-config",
    ],
    { folder, env: { MMS_THREADS: "2" } },
  );
  assert.equal(code, 0);
  assert.match(out, /^load_models=b=b\.mar,a\.mar +# --models$/m);
  assert.match(
    out,
    /^default_workers_per_model=3 +# --workers$/m,
  );
  assert.match(out, /^threads=2 +# MMS_THREADS$/m);
});

Deno.test("mms serve ends with 1 where none of the models that were named can be loaded", async (t) => {
  await using folder = await tempFolder();
  await folder.write("store/broken.mar", "no archive");
  await folder.write("store/bad/bad.onnx", "no graph");

  await t.step("nor be registered, in the foreground", async () => {
    const { code, out, err } = await outcome(
      ["serve", ...FREE_PORTS, "store/broken.mar"],
      { folder },
    );
    assert.equal(code, 1, err);
    assert.match(err, /^Cannot .*broken\.mar/m);
    assert.doesNotMatch(out, /started/);
  });

  await t.step("in the background", async () => {
    const { code, err } = await outcome(
      ["serve", "--start", ...FREE_PORTS, "--workers", "1", "store/bad"],
      { folder },
    );
    assert.equal(code, 1, err);
    assert.match(err, /^Cannot .*bad\.onnx/m);
  });

  await t.step("but not where another one can", async () => {
    await using server = await startServer(
      [...FREE_PORTS, "--workers", "1", "store/broken.mar", `d=${DIGITS}`],
      { folder },
    );
    assert.match(server.said, /^ {2}models +d$/m);
  });

  await t.step("and says what the original did under its name", async () => {
    const { code, err } = await outcome(
      ["multi-model-server", "--foreground", ...FREE_PORTS, "nowhere.mar"],
      { folder },
    );
    assert.equal(code, 1, err);
    assert.match(err, /^--model-store is required to load model locally\.$/m);
  });
});

Deno.test("mms serve --models ALL leaves out what is no model", async () => {
  await using folder = await tempFolder();
  await folder.write("store/logs/mms_log.log", "a line\n");
  await folder.write("store/.hidden/a.onnx", "");
  await folder.write("store/notes.txt", "");
  await Deno.symlink("nowhere", `${folder.path}/store/dangling`);
  await Deno.symlink(DIGITS, `${folder.path}/store/digits`);
  const { code, err: packing } = await outcome(
    [
      ...["archive", "--model-name", "digits", "--model-path", DIGITS],
      ...["--export-path", "store"],
    ],
    { folder },
  );
  assert.equal(code, 0, packing);
  await using server = await startServer(
    [
      ...[...FREE_PORTS, "--model-store", "store", "--models", "ALL"],
      ...["--workers", "1"],
    ],
    { folder },
  );
  assert.match(server.said, /^ {2}models +digits$/m);
  const { err } = await server.end("SIGTERM");
  assert.match(err, /\[INFO \].*Folder store\/logs is left out: it has no/);
  assert.match(
    err,
    /\[WARN \].*digits\.mar: Model digits is already registered/,
  );
});

Deno.test("mms serve --model-store FILE says that a folder would be right", async () => {
  await using folder = await tempFolder();
  await folder.write("store.mar", "");
  const args = ["serve", "--model-store", "store.mar"];
  const { code, err } = await outcome(args, { folder });
  assert.equal(code, 1);
  assert.equal(
    err,
    'Cannot use model store "store.mar": it is a file, a folder would be right\n',
  );
});

Deno.test("mms serve looks for the store of a file", async (t) => {
  await using folder = await tempFolder();
  await folder.write("c.properties", "model_store=nowhere\nload_models=ALL\n");
  const args = [...FREE_PORTS, "--mms-config", "c.properties"];

  await t.step("and says where it was named", async () => {
    const { code, err } = await outcome(["serve", ...args], { folder });
    assert.deepEqual([code, err], [
      1,
      'Cannot use model_store "nowhere" (c.properties): there is no such folder\n',
    ]);
  });

  await t.step("without which it starts under its old name", async () => {
    const command = ["multi-model-server", ...args];
    const { code, err } = await outcome(command, { folder });
    assert.equal(code, 0, err);
    assert.match(err, /\[WARN \].* Model store path is not found: nowhere\n/);
    await outcome(["multi-model-server", "--stop"], { folder });
  });
});

Deno.test("mms serve writes the log files under an old name in the foreground, too", async () => {
  await using folder = await tempFolder();
  const command = ["multi-model-server", "--foreground", ...FREE_PORTS];
  const { code } = await outcome([...command, "nowhere.mar"], { folder });
  assert.equal(code, 1);
  const logs = Deno.readDir(`${folder.path}/logs`);
  const names = await Array.fromAsync(logs, ({ name }) => name);
  assert.deepEqual(names.sort(), [
    "access_log.log",
    "mms_log.log",
    "mms_metrics.log",
    "model_log.log",
    "model_metrics.log",
  ]);
});
