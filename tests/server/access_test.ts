import assert from "node:assert/strict";
import {
  type AccessOptions,
  gate,
  loopbackNames,
} from "../../src/server/exchange/access.ts";
import type { CorsOptions } from "../../src/server/exchange/cors.ts";
import { serverRequest } from "./support/requests.ts";

const NO_CORS: CorsOptions = {
  allowedOrigin: undefined,
  allowedMethods: undefined,
  allowedHeaders: undefined,
};

const CLOSED: AccessOptions = {
  token: "right-token",
  hosts: undefined,
  refusesOtherOrigins: false,
};
const LOCAL: AccessOptions = {
  token: undefined,
  hosts: loopbackNames("127.0.0.1"),
  refusesOtherOrigins: true,
};

/** The code that a gate refuses with, or `undefined`. */
function refusal(
  options: AccessOptions,
  headers: Record<string, string>,
  cors: Partial<CorsOptions> & { method?: string } = {},
): string | undefined {
  const { method = "GET", ...others } = cors;
  try {
    gate(options, { ...NO_CORS, ...others })(
      serverRequest({ method, headers }),
    );
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const AUTHORIZATIONS: readonly [string | undefined, string | undefined][] = [
  [undefined, "unauthorized"],
  ["Bearer right-token", undefined],
  ["bearer   right-token ", undefined],
  ["Bearer wrong-token", "unauthorized"],
  ["Bearer right-toke", "unauthorized"],
  ["Bearer right-tokenright-token", "unauthorized"],
  ["Bearer ", "unauthorized"],
  ["Basic right-token", "unauthorized"],
  ["right-token", "unauthorized"],
];

for (const [authorization, code] of AUTHORIZATIONS) {
  Deno.test(`gate() with a token ${code === undefined ? "lets in" : "refuses"} ${authorization ?? "nobody in particular"}`, () => {
    const headers = authorization === undefined ? {} : { authorization };
    assert.equal(refusal(CLOSED, headers), code);
  });
}

const CALLS: readonly [string, Record<string, string>, string | undefined][] = [
  ["a program", { Host: "127.0.0.1:8081" }, undefined],
  ["a program without a host", {}, undefined],
  ["another name of this machine", { Host: "LOCALHOST:8081" }, undefined],
  ["its IPv6 address", { Host: "[::1]:8081" }, undefined],
  [
    "a name that somebody made resolve to it",
    { Host: "rebound.example:8081" },
    "forbidden",
  ],
  ["a page of its own", {
    Host: "localhost:8081",
    Origin: "http://localhost:8081",
  }, undefined],
  ["a page of another port", {
    Host: "localhost:8081",
    Origin: "http://localhost:3000",
  }, "forbidden"],
  ["a page of another site", {
    Host: "localhost:8081",
    Origin: "https://evil.example",
  }, "forbidden"],
  [
    "a page without an origin",
    { Host: "localhost:8081", Origin: "null" },
    "forbidden",
  ],
  ["a link on another site", {
    Host: "localhost:8081",
    "Sec-Fetch-Site": "cross-site",
  }, "forbidden"],
  ["an address that was typed", {
    Host: "localhost:8081",
    "Sec-Fetch-Site": "none",
  }, undefined],
];

for (const [what, headers, code] of CALLS) {
  Deno.test(`gate() of this machine ${code === undefined ? "lets in" : "refuses"} ${what}`, () => {
    assert.equal(refusal(LOCAL, headers), code);
  });
}

Deno.test("gate() lets in pages of the origin that the settings name", () => {
  const headers = {
    Host: "localhost:8081",
    Origin: "https://app.example",
    "Sec-Fetch-Site": "cross-site",
  };
  assert.equal(
    refusal(LOCAL, headers, { allowedOrigin: "https://app.example" }),
    undefined,
  );
  assert.equal(refusal(LOCAL, headers, { allowedOrigin: "*" }), undefined);
  assert.equal(
    refusal(LOCAL, headers, { allowedOrigin: "https://other.example" }),
    "forbidden",
  );
});

Deno.test("gate() lets browsers ask what they may do, without a token", () => {
  const headers = { "Access-Control-Request-Method": "PUT" };
  const asking = { method: "OPTIONS", allowedOrigin: "*" };
  assert.equal(refusal(CLOSED, headers, asking), undefined);
  assert.equal(
    refusal(CLOSED, headers, { method: "PUT", allowedOrigin: "*" }),
    "unauthorized",
  );
  assert.equal(refusal(CLOSED, headers, { method: "OPTIONS" }), "unauthorized");
});
