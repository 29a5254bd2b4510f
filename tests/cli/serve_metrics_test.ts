import assert from "node:assert/strict";
import { root } from "../support/paths.ts";
import { tempFolder } from "../support/temp.ts";
import { FREE_PORTS, startServer } from "./support/mms.ts";

const DIGITS = `${root}/fixtures/digits/onnx`;
const THREE = `${root}/fixtures/digits/images/3_three.png`;

async function ask(url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  return `${response.status} ${await response.text()}`;
}

Deno.test("mms serve counts what it does", async (t) => {
  await using folder = await tempFolder();
  await using server = await startServer(
    [
      ...[...FREE_PORTS, "--log-location", "logs"],
      ...["--metrics-location", "counted", "--workers", "1", `d=${DIGITS}`],
    ],
    { folder },
  );
  const predictions = `${server.inference}/predictions`;
  const body = await Deno.readFile(THREE);
  const answers = [
    await ask(`${predictions}/d`, { method: "POST", body }),
    await ask(`${predictions}/d`, { method: "POST", body: "no picture" }),
    await ask(`${predictions}/other`, { method: "POST", body }),
  ];
  assert.deepEqual(answers.map((text) => text.slice(0, 3)), [
    "200",
    "400",
    "404",
  ]);

  await t.step("for Prometheus", async () => {
    const page = await ask(`${server.management}/metrics`);
    const counted = (status: number) =>
      new RegExp(
        `^mms_requests?_\\S*_count\\{[^}]*status="${status}"[^}]*\\} 1$`,
        "m",
      );
    assert.match(page, counted(200));
    assert.match(page, counted(400));
    assert.match(
      page,
      /^ts_inference_requests_total\{.*model_name="d".*\} 2$/m,
    );
    assert.equal(page.includes('model_name="other"'), false);
  });

  await t.step("in the files of the original", async () => {
    assert.equal((await server.end("SIGTERM")).code, 0);
    const read = (name: string) =>
      Deno.readTextFile(`${folder.path}/counted/${name}.log`);
    const mms = await read("mms_metrics");
    assert.match(mms, / - Requests2XX\.Count:1\|#Level:Host\|#hostname:/);
    assert.equal(mms.match(/ - Requests4XX\.Count:1\|/g)?.length, 2);
    assert.match(mms, / - CPUUtilization\.Percent:\d/);
    assert.match(mms, / - W-\d+-d\.ms:\d+\|#Level:Host/);
    assert.match(
      await read("model_metrics"),
      / - PredictionTime\.Milliseconds:[\d.]+\|#ModelName:d,Level:Model\|.*,requestID:[\w-]{36},/,
    );
  });
});
