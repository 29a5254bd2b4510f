import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import { prettyJson } from "../../src/server/exchange/answer.ts";
import { problemAnswer } from "../../src/server/problem.ts";

Deno.test("prettyJson() writes as the original does", () => {
  assert.equal(
    prettyJson({ a: 1, none: undefined, list: [], text: "a=b&<'>\u2028é" }),
    `{
  "a": 1,
  "list": [],
  "text": "a\\u003db\\u0026\\u003c\\u0027\\u003e\\u2028é"
}
`,
  );
});

const PROBLEMS = [
  ["bad_request", 400, "Bad Request", "BadRequestException"],
  ["download_failed", 400, "Bad Request", "DownloadModelException"],
  ["invalid_archive", 400, "Bad Request", "InvalidModelException"],
  ["resource_not_found", 404, "Not Found", "ResourceNotFoundException"],
  ["model_not_found", 404, "Not Found", "ModelNotFoundException"],
  [
    "method_not_allowed",
    405,
    "Method Not Allowed",
    "MethodNotAllowedException",
  ],
  ["request_timeout", 408, "Request Timeout", "RequestTimeoutException"],
  ["conflict", 409, "Conflict", "ConflictStatusException"],
  ["worker_died", 500, "Internal Server Error", "InternalServerException"],
  ["load_failed", 500, "Internal Server Error", "InternalServerException"],
  ["out_of_memory", 507, "Insufficient Storage", "InternalServerException"],
  [
    "response_too_large",
    507,
    "Insufficient Storage",
    "InternalServerException",
  ],
  ["prediction_timeout", 504, "Gateway Timeout", "InternalServerException"],
  ["prediction_failed", 503, "Service Unavailable", "InternalServerException"],
  [
    "service_unavailable",
    503,
    "Service Unavailable",
    "ServiceUnavailableException",
  ],
] as const;

for (const [code, status, reason, type] of PROBLEMS) {
  Deno.test(`problemAnswer() answers ${code} with ${status} ${type}`, () => {
    const answer = problemAnswer(new MmsError(code, "Cannot <x>"), "id");
    assert.equal(answer.status, status);
    assert.equal(answer.reason, reason);
    assert.equal(answer.contentType, "application/json");
    assert.equal(
      new TextDecoder().decode(answer.body),
      `{\n  "code": ${status},\n  "type": "${type}",\n  "message": "Cannot \\u003cx\\u003e"\n}\n`,
    );
  });
}

Deno.test("problemAnswer() tells a caller when to come back", () => {
  const answer = problemAnswer(new MmsError("service_unavailable", ""), "id");
  assert.deepEqual(answer.headers, { "Retry-After": "1" });
});

Deno.test("problemAnswer() tells nothing of a bug", () => {
  const answer = problemAnswer(new TypeError("secret path"), "id");
  assert.equal(answer.status, 500);
  assert.doesNotMatch(
    new TextDecoder().decode(answer.body),
    /secret|TypeError/,
  );
});
