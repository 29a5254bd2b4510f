import assert from "node:assert/strict";
import { IDENTITY, onnxFiles, PICTURE } from "../../support/model_folder.ts";
import { onnxModel } from "../../support/onnx_model.ts";
import {
  ask,
  bodyOf,
  jsonOf,
  loadCustom,
  textOf,
} from "./support/custom_model.ts";

/** Answers with what a request is for. */
const ECHO =
  `({ text: it.text(), header: it.header("x-caller"), type: it.contentType() })`;

Deno.test("a handler may be", async (t) => {
  const echoed = { text: "hi", header: "test", type: "text/plain" };
  const forms: readonly [string, string, string][] = [
    [
      "a function handle",
      "service.js",
      `export function handle(data) { return data.map((it) => ${ECHO}); }`,
    ],
    [
      "a function that is named",
      "service:answer",
      `export const answer = async (data) => data.map((it) => ${ECHO});`,
    ],
    [
      "the default export",
      "service",
      `export default (data) => data.map((it) => ${ECHO});`,
    ],
    [
      "the only class",
      "service.js",
      `export class Echo { handle(data) { return data.map((it) => ${ECHO}); } }`,
    ],
    [
      "a class that is named",
      "service.js:Echo",
      `export class Other {} export class Echo { handle(data) { return data.map((it) => ${ECHO}); } }`,
    ],
    [
      "a class with a state",
      "service.js",
      `export class Echo { initialize(context) { this.name = context.modelName; } handle(data) { return data.map((it) => ({ ...${ECHO}, ...(this.name === "custom" ? {} : { name: this.name }) })); } }`,
    ],
  ];
  for (const [name, handler, text] of forms) {
    await t.step(name, async () => {
      await using service = await loadCustom(handler, { "service.js": text });
      assert.deepEqual(jsonOf(await ask(service, "hi")), echoed);
    });
  }

  await t.step("TypeScript in several files, with JSON and texts", async () => {
    await using service = await loadCustom("pkg/service.ts", {
      "pkg/service.ts": `
import type { Request } from "mms";
import { shout } from "../lib/shout.ts";
import words from "./words.json" with { type: "json" };
import notes from "./notes.txt" with { type: "text" };
enum Mark { Yes = "!" }
export function handle(data: readonly Request[]): unknown[] {
  return data.map((it): string => shout(it.text() as string) + words.end + notes + Mark.Yes);
}
`,
      "lib/shout.ts": "export const shout = (it: string) => it.toUpperCase();",
      "pkg/words.json": { end: "." },
      "pkg/notes.txt": "ok",
    });
    const answer = await ask(service, "hi");
    assert.deepEqual([textOf(answer), answer.contentType], [
      "HI.ok!",
      "text/plain",
    ]);
  });

  await t.step("a module that loads another when it is needed", async () => {
    await using service = await loadCustom("service.js", {
      "service.js":
        `export async function handle(data) { const { it } = await import("./late.js"); return data.map(() => it); }`,
      "late.js": "export const it = { late: true };",
    });
    assert.deepEqual(jsonOf(await ask(service, "hi")), { late: true });
  });
});

Deno.test("a handler is refused that is", async (t) => {
  const wrongs: readonly [string, string, string, RegExp][] = [
    [
      "not there",
      "absent.js",
      "",
      /Cannot load "absent\.js": there is no "absent\.js"/,
    ],
    ["not named", "absent", "", /there is no "absent\.js" and no "absent\.ts"/],
    [
      "no function",
      "service.js",
      "export const handle = 1;",
      /Cannot load "service\.js": TypeError: it exports no function "handle" and no class/,
    ],
    [
      "one of two classes",
      "service.js",
      "export class A {} export class B {}",
      /it exports 2 classes, the handler must name one: "A", "B"/,
    ],
    [
      "a function that is not there",
      "service.js:other",
      "export class A { handle() {} }",
      /it exports no function or class "other", but "A"/,
    ],
    [
      "a class without methods",
      "service.js",
      "export class A {}",
      /class "A" has none of the methods "handle", "preprocess" and "postprocess"/,
    ],
    [
      "no JavaScript",
      "service.js",
      "export const a = 1;\nconst = 2;",
      /Cannot load "service\.js": Unexpected token, at service\.js:2:7: const = 2;/,
    ],
    [
      "failing",
      "service.js",
      "\n  null.x;",
      /TypeError: Cannot read properties of null \(reading 'x'\), at service\.js:2:8: null\.x;/,
    ],
    [
      "failing as it begins",
      "service.js",
      "export class A {\n  handle() {}\n  initialize() { throw new Error('no'); }\n}",
      /Error: no, at service\.js:3:24/,
    ],
    [
      "lacking an export",
      "service.js",
      "import { nothing } from './service.js';\nexport const handle = () => nothing;",
      /service\.js/,
    ],
    [
      "around a graph that is not there",
      "service.js",
      "export class A { postprocess() {} }",
      /its service leaves the graph to mms, but there is none/,
    ],
  ];
  for (const [name, handler, text, message] of wrongs) {
    await t.step(name, async () => {
      await assert.rejects(loadCustom(handler, { "service.js": text }), {
        code: "invalid_model",
        message,
      });
    });
  }

  await t.step("no TypeScript", async () => {
    await assert.rejects(
      loadCustom("service.ts", { "service.ts": "const a: = 1;" }),
      { code: "invalid_model", message: /at service\.ts:1:\d+: const a: = 1;/ },
    );
  });
});

Deno.test("a service around a graph", async (t) => {
  const numbers = JSON.stringify([[1, 2, 3, 4]]);

  await t.step("may answer otherwise", async () => {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(),
      "service.js":
        `export class Sum { postprocess(outputs) { const [out] = Object.values(outputs); return { sum: out.data.reduce((a, b) => a + b, 0), shape: out.shape }; } }`,
    });
    const answer = await ask(service, numbers, "application/json");
    assert.deepEqual(jsonOf(answer), { sum: 10, shape: [1, 4] });
  });

  await t.step("may read otherwise", async () => {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(),
      "service.js":
        `export class Lengths { preprocess(request) { const data = Float32Array.from(request.text().split(" "), (it) => it.length); return { data: { type: "float32", shape: [1, 4], data } }; } }`,
    });
    const answer = await ask(service, "a bb ccc dddd");
    assert.deepEqual(jsonOf(answer), [[[1, 2, 3, 4]]]);
  });

  await t.step("may do both steps of the built-in one, and more", async () => {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(),
      "service.js": `
import { JsonService } from "mms";
export class More extends JsonService {
  async preprocess(request, context) {
    const sent = request.json();
    return await super.preprocess(request.with("body", JSON.stringify([sent.values])), context);
  }
  async postprocess(outputs, request, context) {
    const answer = await super.postprocess(outputs, request, context);
    return { was: request.json().values, is: answer.json(), graph: context.graph.inputs[0].name };
  }
}
`,
    });
    const answer = await ask(
      service,
      JSON.stringify({ values: [4, 3, 2, 1] }),
      "application/json",
    );
    assert.deepEqual(jsonOf(answer), {
      was: [4, 3, 2, 1],
      is: [[[4, 3, 2, 1]]],
      graph: "data",
    });
  });

  await t.step("may extend the image service", async () => {
    await using service = await loadCustom("service.js", {
      "net.onnx": onnxModel(PICTURE),
      "service.js": `
import { ImageService } from "mms";
export class Size extends ImageService {
  postprocess(outputs) { return Object.values(outputs)[0].shape; }
}
`,
    });
    const picture = await Deno.readFile(
      new URL("../../../fixtures/digits/images/7_seven.png", import.meta.url),
    );
    assert.deepEqual(jsonOf(await ask(service, picture, "image/png")), [
      1,
      3,
      8,
      8,
    ]);
  });

  await t.step("runs the graph itself in handle", async () => {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(IDENTITY),
      "service.js": `
export async function handle(data, context) {
  const rows = data.map((it) => it.json());
  const feeds = { data: { type: "float32", shape: [rows.length, 4], data: Float32Array.from(rows.flat()) } };
  const { out } = await context.run(feeds);
  return rows.map((_, i) => Array.from(out.data.slice(i * 4, i * 4 + 4), (it) => it * 2));
}
`,
    });
    const settled = await service.predict([
      bodyOf("[1,2,3,4]", "application/json"),
      bodyOf("[5,6,7,8]", "application/json"),
    ]);
    assert.deepEqual(
      settled.map((it) => it.status === "fulfilled" && jsonOf(it.value)),
      [[2, 4, 6, 8], [10, 12, 14, 16]],
    );
  });

  await t.step("hears what the graph has against its feeds", async () => {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(IDENTITY),
      "service.js": `
export async function handle(data, context) {
  const data4 = { type: "float32", shape: [1, 4], data: new Float32Array(3) };
  return [await context.run({ data: data4 }).catch((error) => error.message)];
}
`,
    });
    assert.match(
      textOf(await ask(service, "x")),
      /data of tensor "data" must be of 4 elements for shape \[1,4\], it has 3/,
    );
  });

  await t.step("tells one request of a batch why it fails", async () => {
    await using service = await loadCustom("service.js", {
      ...onnxFiles(),
      "service.js": `
import { JsonService, PredictionError } from "mms";
export class Picky extends JsonService {
  preprocess(request, context) {
    if (request.text() === "no") throw new PredictionError("not <that>", 422);
    return super.preprocess(request, context);
  }
}
`,
    });
    const [bad, good] = await service.predict([
      bodyOf("no"),
      bodyOf("[[1,2,3,4]]", "application/json"),
    ]);
    assert.ok(bad?.status === "fulfilled" && good?.status === "fulfilled");
    assert.equal(bad.value.status, 422);
    assert.deepEqual(jsonOf(bad.value), {
      code: 422,
      type: "InternalServerException",
      message: "not <that>",
    });
    assert.deepEqual(jsonOf(good.value), [[[1, 2, 3, 4]]]);
  });
});
