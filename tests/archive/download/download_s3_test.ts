import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { download } from "../../../src/archive/download/download.ts";
import {
  DEFAULT_DOWNLOAD_LIMITS,
  type Environment,
} from "../../../src/archive/download/download_options.ts";
import { parseAllowedUrls } from "../../../src/archive/download/download_rules.ts";
import { s3Source } from "../../../src/archive/download/download_s3.ts";
import { tempFolder } from "../../support/temp.ts";
import { fileServer, type Seen, wholeFile } from "../support/file_server.ts";

const BYTES = new TextEncoder().encode("a model");
const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJal",
};

function environment(variables: Record<string, string>): Environment {
  return (name) => variables[name];
}

async function fetchWith(
  url: string,
  variables: Record<string, string>,
  answer = wholeFile(BYTES),
): Promise<readonly Seen[]> {
  await using server = await fileServer(answer);
  await using folder = await tempFolder();
  const { path } = await download(new URL(url), folder.path, {
    context: {
      rules: parseAllowedUrls(undefined),
      limits: DEFAULT_DOWNLOAD_LIMITS,
      env: environment({ AWS_ENDPOINT_URL: server.url, ...variables }),
      caCertificates: [],
    },
  });
  assert.deepEqual(await Deno.readFile(path!), BYTES);
  return server.seen;
}

/** The signature of a GET, by the book: Signature Version 4 of AWS. */
function signatureOf({ path, headers }: Seen, region: string): string {
  const authorization = String(headers["authorization"]);
  const names = /SignedHeaders=([^,]+)/.exec(authorization)![1]!;
  const canonical = [
    "GET",
    path,
    "",
    ...names.split(";").map((name) => `${name}:${headers[name]}`),
    "",
    names,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const time = String(headers["x-amz-date"]);
  const scope = [time.slice(0, 8), region, "s3", "aws4_request"];
  const hash = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), hash].join("\n");
  const key = scope.reduce<string | Uint8Array>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${KEYS.AWS_SECRET_ACCESS_KEY}`,
  );
  return createHmac("sha256", key).update(text).digest("hex");
}

Deno.test("s3:// urls", async (t) => {
  await t.step("are anonymous without credentials", async () => {
    const [seen] = await fetchWith("s3://models/a/b.mar", {});
    assert.equal(seen?.path, "/models/a/b.mar");
    assert.equal(seen?.headers["authorization"], undefined);
  });
  await t.step("are signed with the environment's credentials", async () => {
    const [seen] = await fetchWith("s3://models/a%20b%2Bc.mar", {
      ...KEYS,
      AWS_REGION: "eu-west-1",
      AWS_SESSION_TOKEN: "token",
    });
    const authorization = String(seen?.headers["authorization"]);
    assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
    assert.equal(seen?.headers["x-amz-security-token"], "token");
    assert.equal(
      /Signature=([0-9a-f]{64})$/.exec(authorization)?.[1],
      signatureOf(seen!, "eu-west-1"),
    );
  });
  await t.step(
    "are asked again in the region that the bucket is in",
    async () => {
      const seen = await fetchWith(
        "s3://models/m.mar",
        KEYS,
        (request, response) =>
          String(request.headers["authorization"]).includes("/eu-north-1/s3/")
            ? wholeFile(BYTES)(request, response)
            : void response.writeHead(301, {
              "x-amz-bucket-region": "eu-north-1",
            }).end(),
      );
      assert.equal(seen.length, 2);
    },
  );
  await t.step("are held against allowed_urls", async () => {
    await using folder = await tempFolder();
    const refused = download(new URL("s3://other/m.mar"), folder.path, {
      context: {
        rules: parseAllowedUrls("s3://models/.*"),
        limits: DEFAULT_DOWNLOAD_LIMITS,
        env: environment({}),
        caCertificates: [],
      },
    });
    await assert.rejects(refused, /"other" is not allowed/);
  });
  await t.step("need a bucket and a key", () => {
    for (const url of ["s3://models", "s3://models/", "s3:///m", "s3://-/m"]) {
      assert.throws(() => s3Source(new URL(url), environment({})), {
        code: "model_not_found",
        message: `Invalid model url: ${url}`,
      });
    }
  });
  await t.step("lead to Amazon's hosts", () => {
    const at = (url: string, variables: Record<string, string> = {}) =>
      s3Source(new URL(url), environment(variables)).location.href;
    assert.equal(
      at("s3://models/a+b.mar"),
      "https://models.s3.us-east-1.amazonaws.com/a%2Bb.mar",
    );
    assert.equal(
      at("s3://my.models/m", { AWS_DEFAULT_REGION: "eu-west-1" }),
      "https://s3.eu-west-1.amazonaws.com/my.models/m",
    );
  });
});
