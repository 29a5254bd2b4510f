import assert from "node:assert/strict";
import {
  type ResolvedSettings,
  resolveSettings,
  type SettingSources,
} from "../../src/config/mod.ts";
import { tempFolder } from "../support/temp.ts";

/** Resolves with the given text as configuration file. */
async function withFile(
  content: string,
  sources: Partial<SettingSources> = {},
): Promise<ResolvedSettings & { readonly path: string }> {
  await using folder = await tempFolder();
  const path = await folder.write("config.properties", content);
  const resolved = await resolveSettings({
    flags: {},
    environment: {},
    configFile: path,
    ...sources,
  });
  return { ...resolved, path };
}

Deno.test("resolveSettings() has the original's defaults", async () => {
  const { settings } = await withFile("");
  assert.equal(settings.jobQueueSize, 100);
  assert.equal(settings.maxRequestSize, 6553500);
  assert.equal(settings.defaultResponseTimeout, 120);
  assert.equal(settings.unregisterModelTimeout, 120);
  assert.equal(settings.modelStore, undefined);
  assert.deepEqual(settings.loadModels, []);
  assert.deepEqual(settings.inferenceAddress, {
    scheme: "http",
    host: "127.0.0.1",
    port: 8080,
  });
});

Deno.test("resolveSettings() lets a flag beat the file", async () => {
  const { settings, origins, path } = await withFile(
    "model_store=/file\njob_queue_size=7",
    { flags: { modelStore: { flag: "--model-store", text: "/flag" } } },
  );
  assert.equal(settings.modelStore, "/flag");
  assert.equal(origins.modelStore, "--model-store");
  assert.equal(settings.jobQueueSize, 7);
  assert.equal(origins.jobQueueSize, path);
  assert.equal(origins.threads, "default");
});

Deno.test("resolveSettings() reads Java's properties syntax", async () => {
  const { settings } = await withFile(
    "! comment\nmodel_store : /a\\\n  /b\nload_models a.mar,\\u0062.mar\n",
  );
  assert.equal(settings.modelStore, "/a/b");
  assert.deepEqual(settings.loadModels, [
    { name: undefined, url: "a.mar" },
    { name: undefined, url: "b.mar" },
  ]);
});

const VARIABLES = { MMS_JOB_QUEUE_SIZE: "9" };

Deno.test("variables", async (t) => {
  await t.step(
    "do not count beside a file that is silent on them",
    async () => {
      const { settings } = await withFile("job_queue_size=7", {
        environment: VARIABLES,
      });
      assert.equal(settings.jobQueueSize, 7);
    },
  );

  await t.step("do not fill what the file leaves out either", async () => {
    const { settings } = await withFile("", { environment: VARIABLES });
    assert.equal(settings.jobQueueSize, 100);
  });

  await t.step("beat flags and file where the file says so", async () => {
    const { settings, origins } = await withFile(
      "enable_envvars_config=true\njob_queue_size=7",
      {
        environment: VARIABLES,
        flags: { jobQueueSize: { flag: "--job-queue-size", text: "8" } },
      },
    );
    assert.equal(settings.jobQueueSize, 9);
    assert.equal(origins.jobQueueSize, "MMS_JOB_QUEUE_SIZE");
  });

  await t.step("rank below flags where there is no file", async () => {
    const sources = { environment: VARIABLES, flags: {} };
    assert.equal((await resolveSettings(sources)).settings.jobQueueSize, 9);
    const flags = {
      jobQueueSize: { flag: "--job-queue-size", text: "8" },
    };
    assert.equal(
      (await resolveSettings({ ...sources, flags })).settings.jobQueueSize,
      8,
    );
  });
});

Deno.test("resolveSettings() tells of variables that have no effect", async (t) => {
  const environment = {
    MMS_JOB_QUEUE_SIZE: "9",
    MMS_JOB_QUEU_SIZE: "9",
    MMS_MANAGEMENT_TOKEN: "secret",
    MMS_CONFIG_FILE: "",
    MMS_OF_SOMEBODY_ELSE: "1",
    MMS_PRELOAD_MODEL: "false",
  };
  const misspelt =
    "there is no setting MMS_JOB_QUEU_SIZE, did you mean MMS_JOB_QUEUE_SIZE";

  await t.step("since the file does not let them count", async () => {
    const { warnings, path } = await withFile("threads=2", { environment });
    assert.deepEqual(warnings, [
      `${path}: MMS_JOB_QUEUE_SIZE has no effect beside this file, enable_envvars_config=true in it would give it one`,
      misspelt,
    ]);
  });

  await t.step("but for those that do", async () => {
    const { warnings } = await resolveSettings({ flags: {}, environment });
    assert.deepEqual(warnings, [misspelt]);
  });
});

Deno.test("resolveSettings() fills placeholders from the environment", async () => {
  const { settings } = await withFile("model_store=/$$A_STORE$$/$$SUB$$", {
    environment: { A_STORE: "x$1\\", SUB: "y" },
  });
  assert.equal(settings.modelStore, "/x$1\\/y");
});

Deno.test("resolveSettings() refuses a placeholder of an unset variable", async () => {
  await assert.rejects(withFile("model_store=$$NOT_SET$$"), {
    code: "invalid_settings",
    message: "Invalid configuration: Invalid Environment Variable NOT_SET",
  });
});

Deno.test("resolveSettings() names the key and the rule of a bad value", async () => {
  const environment = {
    MMS_JOB_QUEUE_SIZE: "abc",
    MMS_ENABLE_ENVVARS_CONFIG: "true",
  };
  await assert.rejects(resolveSettings({ flags: {}, environment }), {
    code: "invalid_settings",
    message:
      'Invalid configuration: For input string: "abc": job_queue_size (MMS_JOB_QUEUE_SIZE) must be a whole number of 1 or more',
  });
});

Deno.test("resolveSettings() names a bad flag as it was typed", async () => {
  const flags = {
    defaultWorkersPerModel: { flag: "--workers", text: "abc" },
  };
  await assert.rejects(withFile("", { flags }), {
    code: "usage",
    message:
      'Cannot use "abc" as --workers: it must be a whole number of 0 or more',
  });
});

Deno.test("resolveSettings() says where a bad address stands", async () => {
  const message = "Invalid configuration: Invalid binding address: ftp://h:1: ";
  const rule = "http://host:port, https://host:port or unix:/path";
  await assert.rejects(
    resolveSettings({
      flags: {},
      environment: { MMS_INFERENCE_ADDRESS: "ftp://h:1" },
    }),
    {
      code: "invalid_settings",
      message:
        `${message}inference_address (MMS_INFERENCE_ADDRESS) must be ${rule}`,
    },
  );
  const flag = "--management-address";
  await assert.rejects(
    withFile("", { flags: { managementAddress: { flag, text: "ftp://h:1" } } }),
    { code: "usage", message: `${message}${flag} must be ${rule}` },
  );
});

Deno.test("resolveSettings() takes the file of MMS_CONFIG_FILE before any other", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("other.properties", "threads=3");
  const { settings, configFile } = await withFile("threads=2", {
    environment: { MMS_CONFIG_FILE: path },
  });
  assert.equal(settings.threads, 3);
  assert.equal(configFile, path);
});

Deno.test("resolveSettings() refuses a file that is not there", async () => {
  await assert.rejects(
    resolveSettings({
      flags: {},
      environment: {},
      configFile: "nowhere/config.properties",
    }),
    {
      code: "invalid_settings",
      message: "--mms-config file not found: nowhere/config.properties",
    },
  );
});

Deno.test("resolveSettings() tells of keys that have no effect", async () => {
  const { warnings, path } = await withFile(
    "vmargs=-Xmx1g\njob_queue_sise=5\nzzz=1\nthreads=2\n",
  );
  assert.deepEqual(warnings, [
    `${path}: vmargs means nothing here, there is no Java virtual machine`,
    `${path}: there is no setting job_queue_sise, did you mean job_queue_size`,
    `${path}: there is no setting zzz`,
  ]);
});

Deno.test("resolveSettings() does not tell of keys that ask for nothing", async () => {
  const { warnings, isOriginalFile } = await withFile(
    "preload_model=false\nnumber_of_gpu=0\nplugins_path=\n",
  );
  assert.deepEqual(warnings, []);
  assert.equal(isOriginalFile, true);
});

Deno.test("resolveSettings() knows every key that the original has beyond its own", async () => {
  const keys =
    "preload_model NUM_WORKERS number_of_netty_threads netty_client_threads number_of_gpu async_logging debug prefer_direct_buffer use_native_io io_ratio model_server_home vmargs plugins_path"
      .split(" ");
  const { warnings, path } = await withFile(
    keys.map((key) => `${key}=1\n`).join(""),
  );
  assert.deepEqual(
    warnings.map((line) => line.replace(/ here, .*/, "")),
    keys.map((key) => `${path}: ${key} means nothing`),
  );
});

Deno.test("resolveSettings() knows the configuration of SageMaker", async () => {
  const { settings } = await resolveSettings({
    flags: {},
    configFile: "sagemaker",
    environment: {
      SAGEMAKER_MODEL_STORE: "/opt/ml/model",
      SAGEMAKER_BIND_TO_PORT: "8080",
      SAGEMAKER_RESPONSE_TIMEOUT: "60",
      SAGEMAKER_NUM_MODEL_WORKERS: "2",
      SAGEMAKER_HANDLER: "service:handle",
      SAGEMAKER_MAX_RESPONSE_SIZE: "100",
      SAGEMAKER_MAX_REQUEST_SIZE: "200",
    },
  });
  assert.equal(settings.modelStore, "/opt/ml/model");
  assert.deepEqual(settings.inferenceAddress, settings.managementAddress);
  assert.equal(settings.defaultWorkersPerModel, 2);
  assert.equal(settings.maxRequestSize, 200);
});
