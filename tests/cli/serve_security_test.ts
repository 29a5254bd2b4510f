import assert from "node:assert/strict";
import { resolveSettings, type SettingKey } from "../../src/config/mod.ts";
import {
  type Security,
  serverSecurity,
} from "../../src/cli/serve/serve_security.ts";
import { tempFolder } from "../support/temp.ts";

const OPEN = { managementAddress: "http://0.0.0.0:8081" };

/** What the flags and the file come to. */
async function securityOf(
  flags: Partial<Record<SettingKey, string>>,
  file = "",
  environment: Record<string, string> = {},
): Promise<Security> {
  await using folder = await tempFolder();
  const configFile = await folder.write("config.properties", file);
  return await serverSecurity(
    await resolveSettings({
      flags: Object.fromEntries(
        Object.entries(flags).map(([key, text]) => [key, { flag: key, text }]),
      ),
      configFile,
      environment,
    }),
  );
}

Deno.test("serverSecurity() asks nothing of callers of this machine", async () => {
  for (const host of ["127.0.0.1", "localhost", "[::1]", "127.1.2.3"]) {
    const { tokens, newToken } = await securityOf({
      managementAddress: `http://${host}:8081`,
    });
    assert.deepEqual(tokens, { inference: undefined, management: undefined });
    assert.equal(newToken, undefined);
  }
  const { tokens } = await securityOf({ managementAddress: "unix:/tmp/x" });
  assert.equal(tokens.management, undefined);
});

Deno.test("serverSecurity() makes up a token where other machines can reach the management", async () => {
  const [first, second] = [await securityOf(OPEN), await securityOf(OPEN)];
  assert.match(first.newToken!, /^[\w-]{43}$/);
  assert.equal(first.tokens.management, first.newToken);
  assert.notEqual(first.newToken, second.newToken);
});

Deno.test("serverSecurity() takes the token that it is given", async (t) => {
  await t.step("in the environment, whatever the file says", async () => {
    const environment = { MMS_MANAGEMENT_TOKEN: "from-environment" };
    const { tokens, newToken } = await securityOf(
      OPEN,
      "management_token=from-file",
      environment,
    );
    assert.equal(tokens.management, "from-environment");
    assert.equal(newToken, undefined);
  });

  await t.step("in a file of its own", async () => {
    await using folder = await tempFolder();
    const inferenceTokenFile = await folder.write("token", "  from-a-file\n");
    const { tokens } = await securityOf({ inferenceTokenFile });
    assert.deepEqual(tokens, {
      inference: "from-a-file",
      management: undefined,
    });
  });

  await t.step("on this machine alone, too", async () => {
    const { tokens } = await securityOf({}, "management_token=abc");
    assert.equal(tokens.management, "abc");
  });
});

Deno.test("serverSecurity() refuses a token file without a token", async () => {
  await using folder = await tempFolder();
  const managementTokenFile = await folder.write("token", "two\nlines");
  await assert.rejects(securityOf({ managementTokenFile }), {
    code: "invalid_settings",
    message: /^Cannot use management_token_file ".*": it is not one token/,
  });
  await assert.rejects(securityOf({ managementTokenFile: "nowhere" }), {
    code: "invalid_settings",
  });
});

Deno.test("serverSecurity() does as it is told", async () => {
  const off = await securityOf({ ...OPEN, managementAuthentication: "false" });
  assert.equal(off.tokens.management, undefined);
  assert.deepEqual(off.warnings, []);
  const on = await securityOf({ managementAuthentication: "true" });
  assert.equal(on.tokens.management, on.newToken);
  assert.notEqual(on.newToken, undefined);
});

const DOCKER = `
vmargs=-Xmx128m
model_store=/opt/ml/model
load_models=ALL
inference_address=http://0.0.0.0:8080
management_address=http://0.0.0.0:8081
preload_model=false
`;

Deno.test("serverSecurity() leaves the original's files as open as they were, and says so", async () => {
  const { tokens, warnings } = await securityOf({}, DOCKER);
  assert.equal(tokens.management, undefined);
  assert.match(
    warnings.join(),
    /Everybody who can reach the management address/,
  );
  const closed = await securityOf(
    {},
    `${DOCKER}management_authentication=true`,
  );
  assert.notEqual(closed.newToken, undefined);
});

Deno.test("serverSecurity() knows where the certificate is", async () => {
  assert.deepEqual((await securityOf({})).tls, { kind: "self-signed" });
  assert.deepEqual((await securityOf({ keystore: "k.p12" })).tls, {
    kind: "pkcs12",
    keystore: "k.p12",
    passphrase: "changeit",
  });
  assert.deepEqual(
    (await securityOf({ certificateFile: "c", privateKeyFile: "k" })).tls,
    { kind: "pem", certificateFile: "c", privateKeyFile: "k" },
  );
  await assert.rejects(securityOf({ certificateFile: "c" }), {
    code: "invalid_settings",
    message: /^Cannot use \w+: \w+ is not set, both or neither would be right$/,
  });
});
