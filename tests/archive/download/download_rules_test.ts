import assert from "node:assert/strict";
import {
  type Address,
  allowedAddresses,
  isPublicAddress,
} from "../../../src/archive/download/download_address.ts";
import { subjectOf } from "../../../src/archive/download/download_error.ts";
import { proxyFor } from "../../../src/archive/download/download_proxy.ts";
import {
  alsoAllow,
  isNamed,
  parseAllowedUrls,
} from "../../../src/archive/download/download_rules.ts";

function address(text: string): Address {
  return { address: text, family: text.includes(":") ? 6 : 4 };
}

const PUBLIC = [
  "8.8.8.8",
  "172.15.255.255",
  "172.32.0.1",
  "100.63.255.255",
  "169.253.1.1",
  "2606:4700::1111",
  "64:ff9b::808:808",
  "2002:808:808::1",
];

const PRIVATE = [
  "0.0.0.0",
  "127.0.0.1",
  "127.255.255.254",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.100.100.200",
  "168.63.129.16",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:10.0.0.1",
  "::ffff:7f00:1",
  "::7f00:1",
  "64:ff9b::a9fe:a9fe",
  "2002:7f00:1::",
  "fe80::1",
  "fd00:ec2::254",
  "fec0::1",
  "ff02::1",
];

Deno.test("isPublicAddress()", async (t) => {
  for (const text of PUBLIC) {
    await t.step(`lets ${text} pass`, () => {
      assert.ok(isPublicAddress(address(text)));
    });
  }
  for (const text of PRIVATE) {
    await t.step(`holds ${text} back`, () => {
      assert.ok(!isPublicAddress(address(text)));
    });
  }
});

Deno.test("allowedAddresses() without a setting refuses every way to write a private host", async (t) => {
  const urls = [
    "http://localhost/",
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://ada@127.0.0.1/",
    "http://１２７.0.0.1/",
  ];
  for (const text of urls) {
    await t.step(text, async () => {
      const url = new URL(text);
      const refused = allowedAddresses(
        url,
        parseAllowedUrls(undefined),
        subjectOf(url),
      );
      await assert.rejects(refused, /is not on the public internet/);
    });
  }
});

Deno.test("parseAllowedUrls()", async (t) => {
  const named = (setting: string, url: string) =>
    isNamed(parseAllowedUrls(setting), new URL(url));
  await t.step("holds the whole url against each expression", () => {
    assert.ok(named("https://a/.*,https://b/.*", "https://b/m.mar"));
    assert.ok(!named("https://a/", "https://a/m.mar"));
    assert.ok(!named("https://a/.*", "https://evil/https://a/m.mar"));
  });
  await t.step("does not look at case", () => {
    assert.ok(named("HTTPS://A/.*", "https://a/M.mar"));
  });
  await t.step("leaves commas within brackets alone", () => {
    assert.ok(named("http://h\\d{1,3}/.*,s3://b/.*", "http://h12/m"));
    assert.ok(named("http://h\\d{1,3}/.*,s3://b/.*", "s3://b/m"));
  });
  await t.step("is not led astray by credentials", () => {
    assert.ok(!named("https://a@.*", "https://a@evil/"));
  });
  await t.step("says which expression is none", () => {
    assert.throws(() => parseAllowedUrls("a,("), {
      code: "invalid_settings",
      message: /^Cannot use allowed_urls "\(": /,
    });
  });
  await t.step("allows a private host that is named", async () => {
    const url = new URL("http://127.0.0.1:8080/m.mar");
    const rules = parseAllowedUrls(".*");
    assert.deepEqual(await allowedAddresses(url, rules, subjectOf(url)), [
      { address: "127.0.0.1", family: 4 },
    ]);
  });
  await t.step("refuses a public host that is not named", async () => {
    const url = new URL("http://8.8.8.8/m.mar");
    const rules = parseAllowedUrls("https://a/.*");
    await assert.rejects(allowedAddresses(url, rules, subjectOf(url)), {
      code: "download_failed",
      message:
        'Cannot download "http://8.8.8.8/m.mar": "8.8.8.8" is not allowed, allowed_urls with http://8\\.8\\.8\\.8/.* among its expressions would allow it',
    });
  });
});

Deno.test("alsoAllow() allows one host and no other", () => {
  const rules = alsoAllow(
    parseAllowedUrls("s3://b/.*"),
    new URL("http://h.x:81/m.mar"),
  );
  assert.ok(isNamed(rules, new URL("http://h.x:81/other")));
  assert.ok(isNamed(rules, new URL("s3://b/m")));
  assert.ok(!isNamed(rules, new URL("http://h.x:82/m.mar")));
  assert.ok(!isNamed(rules, new URL("http://h-x:81/m.mar")));
  assert.ok(!isNamed(rules, new URL("https://h.x:81/m.mar")));
});

Deno.test("proxyFor()", () => {
  const proxy = (variables: Record<string, string>, url: string) =>
    proxyFor(new URL(url), (name) => variables[name]);
  assert.equal(proxy({}, "https://a/"), undefined);
  assert.equal(
    proxy({ https_proxy: "http://p:1" }, "https://a/"),
    "http://p:1",
  );
  assert.equal(proxy({ HTTPS_PROXY: "p:1" }, "https://a/"), "http://p:1");
  assert.equal(proxy({ https_proxy: "http://p:1" }, "http://a/"), undefined);
  assert.equal(proxy({ ALL_PROXY: "http://p:1" }, "http://a/"), "http://p:1");
  const excepted = { http_proxy: "p", no_proxy: "b.example, .c.example" };
  assert.equal(proxy(excepted, "http://a.example/"), "http://p");
  assert.equal(proxy(excepted, "http://b.example/"), undefined);
  assert.equal(proxy(excepted, "http://x.c.example/"), undefined);
  assert.equal(proxy(excepted, "http://xb.example/"), "http://p");
  assert.equal(proxy({ http_proxy: "p" }, "http://localhost/"), undefined);
  assert.equal(proxy({ http_proxy: "p" }, "http://127.0.0.1/"), undefined);
});
