import assert from "node:assert/strict";
import { formatAddress, parseAddress } from "../../src/config/address.ts";

const PORTS = { http: 80, https: 443 };

const READABLE: readonly [string, unknown][] = [
  ["http://127.0.0.1:8080", { scheme: "http", host: "127.0.0.1", port: 8080 }],
  ["HTTP://localhost:0", { scheme: "http", host: "localhost", port: 0 }],
  ["https://0.0.0.0:40000", { scheme: "https", host: "0.0.0.0", port: 40000 }],
  ["http://[::1]:65535", { scheme: "http", host: "::1", port: 65535 }],
  ["http://example", { scheme: "http", host: "example", port: 80 }],
  ["https://example", { scheme: "https", host: "example", port: 443 }],
  ["unix:/tmp/mms.sock", { scheme: "unix", path: "/tmp/mms.sock" }],
];

for (const [text, address] of READABLE) {
  Deno.test(`parseAddress() reads ${text}`, () => {
    assert.deepEqual(parseAddress(text, PORTS), address);
  });
}

const UNREADABLE = [
  "",
  "ftp://127.0.0.1:21",
  "http://::1:8080",
  "http://:8080",
  "http://a b:80",
  "http://user@host:80",
  "unix:relative.sock",
  "unix:/folder/",
];

for (const text of UNREADABLE) {
  Deno.test(`parseAddress() refuses "${text}"`, () => {
    assert.throws(() => parseAddress(text, PORTS), {
      code: "invalid_settings",
      message: `Invalid configuration: Invalid binding address: ${text}`,
    });
  });
}

const MENDABLE: readonly [string, string][] = [
  ["127.0.0.1:8080", "http://127.0.0.1:8080"],
  ["localhost:80", "http://localhost:80"],
  ["[::1]:8080", "http://[::1]:8080"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
  ["HTTPS://h:1/path?x", "HTTPS://h:1"],
];

for (const [text, right] of MENDABLE) {
  Deno.test(`parseAddress() says what would be right for "${text}"`, () => {
    assert.throws(() => parseAddress(text, PORTS), {
      message:
        `Invalid configuration: Invalid binding address: ${text}, ${right} would be right`,
    });
  });
}

Deno.test("parseAddress() refuses a port beyond 65535", () => {
  assert.throws(() => parseAddress("http://127.0.0.1:65536", PORTS), {
    code: "invalid_settings",
    message:
      "Invalid configuration: Invalid port number: http://127.0.0.1:65536, 0 to 65535 would be right",
  });
});

Deno.test("formatAddress() writes what parseAddress() reads", () => {
  for (const text of ["http://[::1]:8080", "https://h:1", "unix:/a"]) {
    assert.equal(formatAddress(parseAddress(text, PORTS)), text);
  }
});
