import assert from "node:assert/strict";
import { closeLogs, configureLog } from "../../../src/log.ts";
import type { Service } from "../../../src/service/mod.ts";
import { onnxFiles } from "../../support/model_folder.ts";
import {
  ask,
  bodyOf,
  jsonOf,
  loadCustom,
  textOf,
} from "./support/custom_model.ts";

/** A function handle that does that. */
function handling(body: string): string {
  return `import * as mms from "mms";\nexport async function handle(data, context) {\n  ${body}\n}\n`;
}

/** A service around the graph with such a method. */
function stepping(method: string): string {
  return `import { Answer, JsonService, PredictionError, softmax, topClasses, topIndices } from "mms";\nexport class Wrong extends JsonService {\n  ${method}\n}\n`;
}

/** Asks a service of this text, and returns what was answered and logged. */
async function asked(
  text: string,
): Promise<{ readonly answer: string; readonly log: string }> {
  let log = "";
  await configureLog({ console: { color: false, write: (it) => log += it } });
  try {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(),
      "service.js": text,
    });
    return { answer: await answerOf(service), log };
  } finally {
    await closeLogs();
  }
}

async function answerOf(service: Service): Promise<string> {
  try {
    return textOf(await ask(service, "[[1, 2, 3, 4]]", "application/json"));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

Deno.test("the author of a service is told where it", async (t) => {
  const mistakes: readonly [string, string, RegExp, RegExp][] = [
    [
      "returns no list",
      handling("return { a: 1 };"),
      /Invalid model predict output/,
      /service\.js: handle returned an object, an array with an answer for each request would be right/,
    ],
    [
      "returns nothing",
      handling(""),
      /Invalid model predict output/,
      /service\.js: handle returned undefined, an array/,
    ],
    [
      "returns too many answers",
      handling("return [1, 2, 3];"),
      /number of batch response mismatched/,
      /service\.js: handle returned 3 answers for 1 request, one for each would be right/,
    ],
    [
      "answers with nothing",
      handling("return data.map((it) => it.values);"),
      /Unsupported model output data type\./,
      /service\.js: an answer is undefined, which JSON does not have/,
    ],
    [
      "answers with a Map",
      handling("return [{ all: new Map([[1, 2]]) }];"),
      /Unsupported model output data type\./,
      /service\.js: an answer has a Map in "all", which JSON does not have/,
    ],
    [
      "forgets to await",
      handling("return [{ late: Promise.resolve(1) }];"),
      /Unsupported model output data type\./,
      /service\.js: an answer has a Promise in "late", await it/,
    ],
    [
      "answers with large integers",
      handling("return [10n ** 20n];"),
      /Unsupported model output data type\./,
      /service\.js: .*BigInt/,
    ],
    [
      "answers in a circle",
      handling("const a = {}; a.a = a; return [a];"),
      /Unsupported model output data type\./,
      /service\.js: .*circular/,
    ],
    [
      "answers with nothing after the graph",
      stepping("postprocess() {}"),
      /Unsupported model output data type\./,
      /service\.js: an answer is undefined/,
    ],
    [
      "prepares nothing for the graph",
      stepping("preprocess() {}"),
      /Cannot use what the service gave: the feeds must be an object, not undefined/,
      /service\.js: preprocess: Cannot use .* not undefined/,
    ],
    [
      "prepares bare numbers for the graph",
      stepping("preprocess() { return { data: [1, 2] }; }"),
      /the tensor "data" must be an object, not an array/,
      /service\.js: preprocess: Cannot use .* not an array/,
    ],
    [
      "has a file read that is not there",
      handling("return [await context.readText('absent.txt')];"),
      /Cannot read "absent\.txt": there is no such file/,
      /Cannot read "absent\.txt": there is no such file, at service\.js:3:\d+: return \[await/,
    ],
  ];
  for (const [name, text, told, logged] of mistakes) {
    await t.step(name, async () => {
      const { answer, log } = await asked(text);
      assert.match(answer, told);
      assert.match(log, logged);
    });
  }
});

Deno.test("the author of a service is told where it calls", async (t) => {
  const calls: readonly [string, string, RegExp][] = [
    [
      "super.postprocess without the request",
      "postprocess(outputs, request, context) { return super.postprocess(outputs, context); }",
      /super\.postprocess\(outputs, request, context\): request must be the request, not a Context, at service\.js:3:/,
    ],
    [
      "super.postprocess in another order",
      "postprocess(outputs, request, context) { return super.postprocess(request, outputs, context); }",
      /super\.postprocess\(outputs, request, context\): outputs must be tensors by name, not a Request/,
    ],
    [
      "super.postprocess with one tensor",
      "postprocess(outputs, request, context) { return super.postprocess(outputs.out, request, context); }",
      /outputs must be tensors by name, not a tensor/,
    ],
    [
      "super.preprocess in another order",
      "preprocess(request, context) { return super.preprocess(context, request); }",
      /super\.preprocess\(request, context\): request must be the request, not a Context/,
    ],
    [
      "super.preprocess without the context",
      "preprocess(request) { return super.preprocess(request); }",
      /super\.preprocess\(request, context\): context must be the context, not undefined/,
    ],
    [
      "topClasses with all outputs",
      "postprocess(outputs, request, context) { return topClasses(outputs, context.labels, 3); }",
      /topClasses\(tensor, labels, count\): tensor must be a tensor, not tensors by name, "out"/,
    ],
    [
      "topClasses with none",
      "postprocess(outputs, request, context) { return topClasses(outputs.prob, context.labels, 3); }",
      /topClasses\(tensor, labels, count\): tensor must be a tensor, not undefined/,
    ],
    [
      "topClasses without labels",
      "postprocess(outputs) { return topClasses(outputs.out, 3); }",
      /labels must be an array, not a number/,
    ],
    [
      "topIndices with a tensor",
      "postprocess(outputs) { return topIndices(outputs.out, 3); }",
      /topIndices\(values, count\): values must be numbers, not a tensor, its data is/,
    ],
    [
      "softmax with a tensor",
      "postprocess(outputs) { return softmax(outputs.out); }",
      /softmax\(values\): values must be numbers, not a tensor/,
    ],
    [
      "new Answer with a status that is none",
      "postprocess() { return new Answer(1, { status: 42 }); }",
      /new Answer\(value, options\): status must be an integer from 200 to 599, not 42/,
    ],
  ];
  for (const [name, text, logged] of calls) {
    await t.step(name, async () => {
      const { answer, log } = await asked(stepping(text));
      assert.match(answer, /Prediction failed/);
      assert.match(log, logged);
      assert.match(log, /at service\.js:3:\d+: /);
    });
  }
});

Deno.test("the author of a service is told what there is instead of", async (t) => {
  const names: readonly [string, RegExp][] = [
    [
      "Deno.readTextFileSync('synset.txt')",
      /Deno is not defined, context\.readFile\(path\) reads the model's files, at service\.js:3:/,
    ],
    ["require('fs')", /require is not defined, import what is needed, at/],
    ["process.env.HOME", /process is not defined, a service has no/],
    [
      "fetch('http://127.0.0.1/')",
      /fetch is not defined, the setting service_net grants hosts, at/,
    ],
    [
      "Buffer.from('a')",
      /Buffer is not defined, import it from "node:buffer", at/,
    ],
  ];
  for (const [code, logged] of names) {
    await t.step(code, async () => {
      const { log } = await asked(handling(`return [${code}];`));
      assert.match(log, logged);
    });
  }

  await t.step("a name that mms does not export", async () => {
    const text =
      "import { topClases } from 'mms';\nexport const handle = topClases;\n";
    await assert.rejects(loadCustom("service.js", { "service.js": text }), {
      code: "invalid_model",
      message:
        /Cannot load "service\.js": SyntaxError: "mms" does not export "topClases", but Answer, .*topClasses.* at service\.js:1:10/,
    });
  });
});

Deno.test("a service is refused that", async (t) => {
  const refused: readonly [string, string, RegExp][] = [
    [
      "misspells a step",
      stepping("postProcess() { return 1; }"),
      /class "Wrong" has a method "postProcess", "postprocess" is what is called/,
    ],
    [
      "misspells it as Python would",
      stepping("pre_process() { return 1; }"),
      /class "Wrong" has a method "pre_process", "preprocess" is what is called/,
    ],
    [
      "has another method",
      "export class Wrong { predict() {} }",
      /class "Wrong" has none of the methods "handle", "preprocess" and "postprocess", but "predict"/,
    ],
    [
      "has a static one",
      "export class Wrong { static handle() {} }",
      /class "Wrong" has none of the methods "handle", "preprocess" and "postprocess", but a static "handle"/,
    ],
  ];
  for (const [name, text, message] of refused) {
    await t.step(name, async () => {
      const files = { ...onnxFiles(), "service.js": text };
      await assert.rejects(loadCustom("service.js", files), { message });
    });
  }

  await t.step("unless the step is there as well", async () => {
    const { answer } = await asked(
      stepping(
        "postProcess() { return 1; } postprocess() { return this.postProcess(); }",
      ),
    );
    assert.equal(answer, "1");
  });
});

Deno.test("a caller is told that", async (t) => {
  const told = async (name: string, type: string) => {
    await using service = await loadCustom("service.js", {
      "service.js": handling("return data.map((it) => it.json());"),
    });
    const { requestId } = bodyOf("");
    const data = new TextEncoder().encode("");
    const [settled] = await service.predict([{
      requestId,
      headers: { "Content-Type": type },
      fields: new Map([[name, { contentType: "text/plain", data }]]),
    }]);
    assert.equal(settled?.status, "fulfilled");
    return JSON.parse(textOf(settled.value)).message;
  };

  await t.step("JSON was sent as a form", async () => {
    assert.equal(
      await told('{"values": [1]}', "application/x-www-form-urlencoded"),
      'Cannot read field "body": it is missing, a form with the field "{"values": [1]}" was sent, Content-Type: application/json would be right',
    );
  });

  await t.step("another field was sent", async () => {
    assert.equal(
      await told("data", "multipart/form-data; boundary=x"),
      'Cannot read field "body": it is missing, sent were "data"',
    );
  });

  await t.step("nothing was sent", async () => {
    assert.equal(
      await told("body", "application/json"),
      'Cannot read field "body" as JSON: it is empty',
    );
  });
});

Deno.test("a service may answer with", async (t) => {
  await t.step("promises, each of which fails alone", async () => {
    await using service = await loadCustom("service.js", {
      "service.js": handling(
        "return data.map(async (it) => { const n = await it.json(); if (n > 1) throw new mms.PredictionError('too much', 413); return { n }; });",
      ),
    });
    const settled = await service.predict(
      ["1", "2"].map((it) => bodyOf(it, "application/json")),
    );
    const [good, bad] = settled.map((it) => {
      assert.equal(it.status, "fulfilled");
      return it.value;
    });
    assert.deepEqual(jsonOf(good!), { n: 1 });
    assert.equal(bad!.status, 413);
  });

  await t.step("an error after the graph", async () => {
    const { answer } = await asked(
      stepping("postprocess() { return new PredictionError('no', 418); }"),
    );
    assert.deepEqual(JSON.parse(answer), {
      code: 418,
      type: "InternalServerException",
      message: "no",
    });
  });

  await t.step("arrays of numbers of any type, as JSON", async () => {
    const { answer } = await asked(
      stepping(
        "postprocess({ out }) { return { data: out.data, more: [new BigInt64Array([5n])] }; }",
      ),
    );
    assert.deepEqual(JSON.parse(answer), { data: [1, 2, 3, 4], more: [[5]] });
    const { answer: bare } = await asked(
      stepping("postprocess({ out }) { return out.data; }"),
    );
    assert.deepEqual(JSON.parse(bare), [1, 2, 3, 4]);
  });
});
