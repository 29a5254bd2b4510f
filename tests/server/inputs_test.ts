import assert from "node:assert/strict";
import { readInputs } from "../../src/server/inference/inputs.ts";
import { type RequestParts, serverRequest } from "./support/requests.ts";

/** The fields of a request, as text. */
function fieldsOf(
  parts: RequestParts,
  options = { query: false },
): readonly (readonly [string, string, string])[] {
  const { fields } = readInputs(serverRequest(parts), options);
  return [...fields].map(([name, { contentType, data }]) =>
    [name, contentType, new TextDecoder().decode(data)] as const
  );
}

function multipart(...lines: readonly string[]): RequestParts {
  return {
    method: "POST",
    headers: { "Content-Type": 'multipart/form-data; boundary="B"' },
    body: lines.join("\r\n"),
  };
}

function form(body: string): RequestParts {
  return {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  };
}

const FILE = 'Content-Disposition: form-data; name="data"; filename="x.jpg"';

const FIELDS: readonly [
  string,
  RequestParts,
  readonly (readonly string[])[],
][] = [
  ["a raw body as body, its type bare", {
    headers: { "Content-Type": "image/jpeg; q=1" },
    body: "abc",
  }, [["body", "image/jpeg", "abc"]]],
  ["a body on GET", { method: "GET", body: "x" }, [["body", "", "x"]]],
  ["no body at all as an empty one", {}, [["body", "", ""]]],
  ["a content type in its own case", {
    headers: { "content-type": "APPLICATION/JSON" },
    body: "{}",
  }, [["body", "APPLICATION/JSON", "{}"]]],
  ["the last of two content types", {
    headers: { "content-type": "text/plain", "Content-Type": "text/csv" },
  }, [["body", "text/csv", ""]]],
  ["a form", form("a=1&b=x%20y+z&&c"), [
    ["a", "", "1"],
    ["b", "", "x y z"],
    ["c", "", ""],
  ]],
  ["an empty form as no fields", form(""), []],
  ["the last of equal names", form("a=1&a=2"), [["a", "", "2"]]],
  ["a form whatever the case of its type", {
    headers: { "content-type": "Application/X-WWW-Form-Urlencoded; charset=x" },
    body: "a=1",
  }, [["a", "", "1"]]],
  [
    "a file with its type",
    multipart("--B", FILE, "Content-Type: image/jpeg", "", "JPG", "--B--", ""),
    [["data", "image/jpeg", "JPG"]],
  ],
  [
    "a file without a type",
    multipart("--B", FILE, "", "JPG", "--B--"),
    [["data", "application/octet-stream", "JPG"]],
  ],
  [
    "a plain field without its type",
    multipart(
      "--B",
      "content-type: text/plain",
      "content-disposition: form-data; name=a",
      "",
      "1",
      "--B--",
    ),
    [["a", "", "1"]],
  ],
  [
    "several parts, some empty, a boundary in the middle of a line",
    multipart(
      "preamble",
      "--B  ",
      FILE,
      "",
      "x--B",
      "--Bx",
      "",
      "--B",
      'Content-Disposition: form-data; name="e\\"e"',
      "",
      "",
      "--B--",
      "epilogue",
    ),
    [["data", "application/octet-stream", "x--B\r\n--Bx\r\n"], ['e"e', "", ""]],
  ],
  ["a wrong boundary as no fields", multipart("--C", FILE, "", "x"), []],
  ["a form that ends at once", multipart("--B--"), []],
  ["multipart without a boundary as body", {
    headers: { "content-type": "multipart/form-data" },
    body: "x",
  }, [["body", "multipart/form-data", "x"]]],
  ["another multipart as body", {
    headers: { "content-type": "multipart/mixed; boundary=B" },
    body: "x",
  }, [["body", "multipart/mixed", "x"]]],
];

for (const [what, parts, fields] of FIELDS) {
  Deno.test(`readInputs() takes ${what}`, () => {
    assert.deepEqual(fieldsOf(parts), fields);
  });
}

Deno.test("readInputs() leaves the query out unless it is asked for", () => {
  const parts = { target: "/x?a=1&body=q&b=%C3%A9", body: "raw" };
  assert.deepEqual(fieldsOf(parts), [["body", "", "raw"]]);
  assert.deepEqual(fieldsOf(parts, { query: true }), [
    ["a", "", "1"],
    ["body", "", "raw"],
    ["b", "", "é"],
  ]);
});

Deno.test("readInputs() hands headers over as they were written, the last of equal ones", () => {
  const request = serverRequest({});
  const headers = ["X-One", "1", "x-two", "2", "X-One", "3"];
  assert.deepEqual(
    readInputs({ ...request, headers }, { query: false }).headers,
    { "X-One": "3", "x-two": "2" },
  );
});

Deno.test("readInputs() keeps bytes that are no text", () => {
  const body = Uint8Array.of(0, 255, 37, 10);
  const { fields } = readInputs(serverRequest({ body }), { query: false });
  assert.deepEqual(fields.get("body")?.data, body);
  const escaped = readInputs(serverRequest(form("a=%00%FF")), { query: false });
  assert.deepEqual([...escaped.fields.get("a")!.data], [0, 255]);
});

const MALFORMED: readonly [string, RequestParts, RegExp][] = [
  ["a broken escape", form("a=%zz"), /no two hexadecimal digits follow/],
  ["an escape cut short", form("a=%4"), /no two hexadecimal digits follow/],
  [
    "a thousand fields and one",
    form("a&".repeat(1001)),
    /more than 1000 fields/,
  ],
  ["a form cut short", multipart("--B", FILE, "", "JPG"), /ends in part 1/],
  ["a part cut short", multipart("--B", FILE), /ends in part 1/],
  [
    "a part without a name",
    multipart("--B", "a: b", "", "x", "--B--"),
    /part 1 has no name/,
  ],
  [
    "a part without an end of its headers",
    multipart("--B", FILE, "--B--"),
    /part 1 has no empty line/,
  ],
  [
    "a part with headers of 9 kB",
    multipart("--B", FILE, `x: ${"y".repeat(9000)}`, "", "x", "--B--"),
    /part 1 has no empty line within 8192 bytes/,
  ],
  [
    "a thousand parts and one",
    multipart(...Array(1001).fill(`--B\r\n${FILE}\r\n\r\n`), "--B--"),
    /more than 1000 parts/,
  ],
];

for (const [what, parts, message] of MALFORMED) {
  Deno.test(`readInputs() refuses ${what}`, () => {
    assert.throws(() => fieldsOf(parts), { code: "bad_request", message });
  });
}

Deno.test("readInputs() refuses a broken escape in a query it reads", () => {
  assert.throws(() => fieldsOf({ target: "/x?a=%" }, { query: true }), {
    code: "bad_request",
  });
});
