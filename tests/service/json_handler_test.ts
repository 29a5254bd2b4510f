import assert from "node:assert/strict";
import type { Binding } from "../../src/service/binding.ts";
import { JsonHandler } from "../../src/service/json_handler.ts";
import type { Inputs } from "../../src/service/mod.ts";

function binding(...fields: readonly string[]): Binding {
  return {
    inputs: fields.map((field) => ({
      field,
      name: `graph_${field}`,
      type: "float32",
      shape: [0, 2],
      preprocess: undefined,
    })),
    outputs: [],
    inputType: "application/json",
    outputType: "application/json",
    sharesRows: true,
    top: 5,
  };
}

function inputs(fields: Readonly<Record<string, string>>): Inputs {
  return {
    requestId: "1",
    headers: {},
    fields: new Map(
      Object.entries(fields).map(([name, text]) => [name, {
        contentType: "application/json",
        data: Uint8Array.from(text, (it) => it.charCodeAt(0)),
      }]),
    ),
  };
}

const ONE = { type: "float32", shape: [1, 2], data: Float32Array.of(1, 2) };

const READ: readonly [string, Readonly<Record<string, string>>][] = [
  ["the field of its name", { a: "[[1, 2]]" }],
  ["the whole body", { body: "[[1, 2]]" }],
  ["a key of the body", { body: '{"a": [[1, 2]]}' }],
  ["the field data", { data: "[[1, 2]]" }],
  ["the key data of the body", { body: '{"data": [[1, 2]]}' }],
  ["its field among others", { a: "[[1, 2]]", note: "x", body: "[]" }],
];

for (const [where, fields] of READ) {
  Deno.test(`JsonHandler reads the only input from ${where}`, () => {
    const feeds = new JsonHandler(binding("a")).preprocess(inputs(fields));
    assert.deepEqual(feeds, { graph_a: ONE });
  });
}

Deno.test("JsonHandler reads several inputs from fields", () => {
  const handler = new JsonHandler(binding("a", "b"));
  const feeds = handler.preprocess(inputs({ a: "[[1,2]]", b: "[[1,2]]" }));
  assert.deepEqual(feeds, { graph_a: ONE, graph_b: ONE });
});

Deno.test("JsonHandler reads several inputs from one object", () => {
  const handler = new JsonHandler(binding("a", "b"));
  const feeds = handler.preprocess(
    inputs({ body: '{"b":[[1,2]],"a":[[1,2]]}' }),
  );
  assert.deepEqual(feeds, { graph_a: ONE, graph_b: ONE });
});

const REFUSED: readonly [
  string,
  readonly string[],
  Readonly<Record<string, string>>,
  string,
][] = [
  [
    "a missing input",
    ["a", "b"],
    { body: '{"a": [[1, 2]]}' },
    'Cannot read input "b": it is missing, sent were "a"',
  ],
  [
    "an unknown input",
    ["a", "b"],
    { body: '{"a": [[1, 2]], "c": 1}' },
    'Cannot read inputs: there is no input "c", the inputs are "a", "b"',
  ],
  [
    "an array for several inputs",
    ["a", "b"],
    { body: "[[1, 2]]" },
    'Cannot read inputs: the body is an array, it should be an object with the keys "a", "b"',
  ],
  [
    "nothing at all",
    ["a"],
    {},
    'Cannot read inputs: nothing was sent, the inputs are "a"',
  ],
  [
    "an unknown field",
    ["a"],
    { x: "1" },
    'Cannot read inputs: there is no input "x", the inputs are "a"',
  ],
  [
    "inputs of different lengths",
    ["a", "b"],
    { body: '{"a": [[1, 2], [3, 4]], "b": [[1, 2]]}' },
    'Cannot read inputs: "a" has 2 rows, "b" has 1, all should have as many',
  ],
  [
    "an object for an array",
    ["a", "b"],
    { body: '{"a": {"x": 1}, "b": [[1, 2]]}' },
    'Cannot read input "a": it is an object, not nested arrays',
  ],
  [
    "an empty body",
    ["a"],
    { body: "" },
    'Cannot read field "body" as JSON: it is empty, this model takes JSON with the input "a"',
  ],
  [
    "a picture",
    ["a"],
    { body: "\u00ff\u00d8" },
    'Cannot read field "body" as JSON: it is not text, this model takes JSON with the input "a"',
  ],
];

for (const [what, fields, sent, message] of REFUSED) {
  Deno.test(`JsonHandler refuses ${what}`, () => {
    const handler = new JsonHandler(binding(...fields));
    assert.throws(() => handler.preprocess(inputs(sent)), {
      code: "bad_request",
      message,
    });
  });
}

Deno.test("JsonHandler refuses what is not JSON and names the field", () => {
  const handler = new JsonHandler(binding("a"));
  assert.throws(() => handler.preprocess(inputs({ body: "{a" })), {
    code: "bad_request",
    message: /^Cannot read field "body" as JSON: /,
  });
});

Deno.test("JsonHandler leaves inputs of different lengths to a graph that may mean it", () => {
  const both = { ...binding("a", "b"), sharesRows: false };
  const feeds = new JsonHandler(both).preprocess(
    inputs({ a: "[[1, 2], [3, 4]]", b: "[[1, 2]]" }),
  );
  assert.deepEqual(feeds.graph_a?.shape, [2, 2]);
  assert.deepEqual(feeds.graph_b, ONE);
});
