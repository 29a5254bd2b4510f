import assert from "node:assert/strict";
import {
  closeLogs,
  configureLog,
  droppedLogLines,
  flushLogs,
  hideSecrets,
  logAccess,
  logger,
  type LogOptions,
  metricsLog,
  redact,
  reopenLogs,
  withRequestId,
} from "../../src/log.ts";
import { tempFolder } from "../support/temp.ts";

const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d,\\d{3}";

const access = {
  client: "127.0.0.1:5000",
  method: "POST",
  uri: "/predictions/m?token=abc",
  status: 200,
  ms: 2.71828,
  requestId: "r-1",
};

/** A console that remembers, and whose log lasts as long as itself. */
class Screen implements AsyncDisposable {
  text = "";
  readonly color = false;

  static async open(options: Omit<LogOptions, "console">): Promise<Screen> {
    const screen = new Screen();
    await configureLog({ ...options, console: screen });
    return screen;
  }

  write(text: string): void {
    this.text += text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeLogs();
  }
}

async function read(folder: string, name: string): Promise<string> {
  return await Deno.readTextFile(`${folder}/${name}.log`);
}

Deno.test("configureLog() with a console alone", async (t) => {
  await t.step("shows the level and above", async () => {
    await using screen = await Screen.open({ format: "brief" });
    logger("archive").debug("Nobody sees this");
    logger("archive").info("Left to {handler}", { handler: "m:f" });
    logger("archive").warn("No {name}", { name: "signature" });
    assert.equal(screen.text, "Left to m:f\nWarning: No signature\n");
  });

  await t.step("takes braces as they are without properties", async () => {
    await using screen = await Screen.open({ format: "brief" });
    logger("archive").info('Unexpected {"a": 1}');
    assert.equal(screen.text, 'Unexpected {"a": 1}\n');
  });

  await t.step("shows what workers write under their names", async () => {
    await using screen = await Screen.open({});
    logger("worker", "W-m-1-stderr").warn("{line}", { line: "a {b} \x1b[1m" });
    assert.match(
      screen.text,
      new RegExp(
        `^${TIME} \\[WARN \\] W-m-1-stderr mms\\.worker - a {b} \\\\u{1b}\\[1m\n$`,
      ),
    );
  });

  await t.step("shows requests, and no metrics", async () => {
    await using screen = await Screen.open({});
    logAccess(access);
    assert.equal(metricsLog("mms_metrics"), undefined);
    assert.match(
      screen.text,
      new RegExp(
        `^${TIME} \\[INFO \\] r-1 ACCESS_LOG - /127.0.0.1:5000 ` +
          `"POST /predictions/m\\?token=\\*\\*\\* HTTP/1.1" 200 3\n$`,
      ),
    );
  });

  await t.step("shows no requests above the level", async () => {
    await using screen = await Screen.open({ level: "warning" });
    logAccess(access);
    assert.equal(screen.text, "");
  });

  await t.step("survives a console that nobody reads", async () => {
    const write = () => {
      throw new Deno.errors.BrokenPipe();
    };
    await configureLog({ console: { color: false, write } });
    logger("server").info("x");
    assert.equal(droppedLogLines(), 1);
    await closeLogs();
  });

  await t.step("writes nothing after closeLogs()", async () => {
    const screen = await Screen.open({});
    await closeLogs();
    logger("server").error("x");
    logAccess(access);
    assert.equal(screen.text, "");
    assert.equal(await withRequestId("r", () => Promise.resolve(1)), 1);
  });
});

Deno.test("configureLog() with files", async (t) => {
  await using folder = await tempFolder();
  const logs = `${folder.path}/logs`;
  const metrics = `${folder.path}/metrics`;
  await using screen = await Screen.open({ files: { logs, metrics } });
  const mmsMetrics = metricsLog("mms_metrics")!;
  const modelMetrics = metricsLog("model_metrics")!;

  await t.step("makes MMS's five at once", async () => {
    const names = [];
    for (const path of [logs, metrics]) {
      for await (const { name } of Deno.readDir(path)) names.push(name);
    }
    assert.deepEqual(names.sort(), [
      "access_log.log",
      "mms_log.log",
      "mms_metrics.log",
      "model_log.log",
      "model_metrics.log",
    ]);
  });

  await t.step("writes each line where MMS does", async () => {
    logger("server").info("Model server started.");
    logger("worker", "W-m-1-stdout").info("{line}", { line: "loading" });
    logAccess({ ...access, client: undefined });
    mmsMetrics("Requests2XX.Count:1|#Level:Host|#hostname:h,timestamp:1");
    modelMetrics("PredictionTime.Milliseconds:2|#ModelName:m");
    await flushLogs();
    const lines = await Promise.all([
      read(logs, "mms_log"),
      read(logs, "model_log"),
      read(logs, "access_log"),
      read(metrics, "mms_metrics"),
      read(metrics, "model_metrics"),
    ]);
    const stamp = new RegExp(`^${TIME} `, "gm");
    assert.deepEqual(lines.map((text) => text.replaceAll(stamp, "")), [
      "[INFO ] main mms.server - Model server started.\n" +
      "[INFO ] W-m-1-stdout mms.worker - loading\n",
      "[INFO ] W-m-1-stdout mms.worker - loading\n",
      '- 0.0.0.0 "POST /predictions/m?token=*** HTTP/1.1" 200 3\n',
      "- Requests2XX.Count:1|#Level:Host|#hostname:h,timestamp:1\n",
      "- PredictionTime.Milliseconds:2|#ModelName:m\n",
    ]);
  });

  await t.step("shows all of it on the console", () => {
    assert.equal(screen.text.split("\n").length, 6);
    assert.match(screen.text, / \[INFO \] main MMS_METRICS - Requests2XX/);
    assert.match(screen.text, / \[INFO \] main MODEL_METRICS - PredictionTime/);
  });

  await t.step("begins files anew with reopenLogs()", async () => {
    await Deno.rename(`${logs}/mms_log.log`, `${logs}/mms_log.1`);
    await reopenLogs();
    assert.equal(await read(logs, "mms_log"), "");
    logger("server").info("after");
    await flushLogs();
    assert.match(await read(logs, "mms_log"), /after\n$/);
  });
});

Deno.test("configureLog() with a level above info", async () => {
  await using folder = await tempFolder();
  const files = { logs: folder.path, metrics: folder.path };
  await using screen = await Screen.open({ level: "error", files });
  logAccess(access);
  logger("server").info("x");
  await flushLogs();
  assert.equal(screen.text, "");
  assert.equal(await read(folder.path, "mms_log"), "");
  assert.match(
    await read(folder.path, "access_log"),
    /200 3\n$/,
    "files of one kind of line are complete at every level",
  );
});

Deno.test("configureLog() with JSON", async (t) => {
  await using folder = await tempFolder();
  const files = { logs: folder.path, metrics: folder.path };
  await using screen = await Screen.open({ format: "json", files });
  const last = () => JSON.parse(screen.text.trimEnd().split("\n").at(-1)!);

  await t.step("writes the fields of a request", async () => {
    logAccess(access);
    const { time, message, ...rest } = last();
    assert.match(time, /^\d{4}-.*Z$/);
    assert.match(message, / 200 3$/);
    assert.deepEqual(rest, {
      level: "info",
      logger: "ACCESS_LOG",
      requestId: "r-1",
      client: "127.0.0.1:5000",
      method: "POST",
      uri: "/predictions/m?token=***",
      status: 200,
      ms: 2.718,
    });
    await flushLogs();
    const line = await read(folder.path, "access_log");
    assert.deepEqual(JSON.parse(line), last());
  });

  await t.step("writes the id of a request on all its lines", async () => {
    await withRequestId("r-2", async () => {
      await new Promise((next) => setTimeout(next, 0));
      logger("server").warn("late");
      assert.equal(last().requestId, "r-2");
      logger("workload").warn("of another", { requestId: "r-3" });
      assert.equal(last().requestId, "r-3");
    });
    logger("server").warn("of none");
    assert.equal("requestId" in last(), false);
  });

  await t.step("hides secrets in messages and fields", () => {
    hideSecrets(["correct horse"]);
    logger("server").info("Got {token} from {url}", {
      token: "correct horse",
      url: "https://a:b@host/",
    });
    assert.doesNotMatch(screen.text, /correct horse|a:b/);
    assert.equal(last().message, "Got *** from https://***@host/");
    assert.equal(redact("correct horse"), "***");
  });
});

Deno.test("a log that cannot be written", async (t) => {
  await t.step("costs one warning, and goes on when it can", async () => {
    await using folder = await tempFolder();
    // A file stands where the folder is to be.
    const logs = await folder.write("logs", "");
    const files = { logs, metrics: logs };
    await using screen = await Screen.open({ files });
    logger("server").info("patience");
    await flushLogs();
    await flushLogs();
    assert.equal(screen.text.match(/Cannot write the log/g)?.length, 1);
    assert.match(
      screen.text,
      /\[WARN \] main mms.log - Cannot write the log "/,
    );

    await Deno.remove(logs);
    await flushLogs();
    assert.match(screen.text, /Logs are written again, 0 lines were dropped/);
    assert.match(await read(logs, "mms_log"), / - patience\n/);
  });

  // Nowhere else is there a disk that is always full.
  if (Deno.build.os !== "linux") return;
  await t.step("keeps a server going on a full disk", async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/access_log.log`;
    await Deno.symlink("/dev/full", path);
    const files = { logs: folder.path, metrics: folder.path };
    await using screen = await Screen.open({ files });
    for (let i = 0; i < 40_000; i++) logAccess(access);
    await flushLogs();
    for (let i = 0; i < 40_000; i++) logAccess(access);
    assert.match(screen.text, /access_log.log": No space left on device/);
    const dropped = droppedLogLines();
    assert.ok(dropped > 1000, `${dropped} dropped`);

    await Deno.remove(path);
    await flushLogs();
    const lines = (await Deno.readTextFile(path)).split("\n").length - 1;
    assert.equal(lines + dropped, 80_000);
    assert.match(screen.text, new RegExp(`again, ${dropped} lines were drop`));
  });
});
