import assert from "node:assert/strict";
import { tempFolder } from "../support/temp.ts";
import { pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

pythonTest("what a Python service measures is written", async (t) => {
  await using logs = await tempFolder();
  const headers = { "content-type": "text/plain" };
  let id = "";
  {
    await using server = await serviceServer([
      ...["--metrics-location", logs.path],
    ]);
    await server.register("rude");
    const measured = await server.ask("rude", { body: "measure", headers });
    assert.deepEqual([measured.status, measured.text], [200, "measured"]);
    id = measured.headers.get("x-request-id")!;
  }
  const text = await Deno.readTextFile(`${logs.path}/model_metrics.log`);
  const line = (start: string) =>
    text.split("\n").find((it) => it.includes(` ${start}`)) ?? text;

  await t.step("counters add up", () => {
    assert.match(
      line("Seen."),
      /Seen\.Count:3\|#ModelName:rude,Level:Model\|#hostname:[^,]+,requestID:/,
    );
    assert.ok(line("Seen.").includes(id));
  });

  await t.step("dimensions are kept", () => {
    assert.match(
      line("Size."),
      /Size\.Kilobytes:1\.5\|#Kind:x,ModelName:rude,Level:Model\|/,
    );
  });

  await t.step("errors are text", () => {
    assert.match(
      line("Trouble."),
      /Trouble\.unit:some text\|#ModelName:rude,Level:Error\|/,
    );
  });

  await t.step("and how long each batch took", () => {
    assert.match(
      line("PredictionTime."),
      /PredictionTime\.Milliseconds:[\d.]+\|/,
    );
  });
});
