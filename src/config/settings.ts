import { LOG_LEVELS } from "../log.ts";
import {
  address,
  choice,
  integer,
  pattern,
  seconds,
  text,
  toggle,
} from "./kinds.ts";
import { modelSelection } from "./models.ts";
import { optional, type Setting, setting } from "./setting.ts";

/**
 * Every setting there is. Flags, variables, files, help, the documents' table
 * and the banner come from here; a key names its property, `--flag-name`,
 * `file_key` and `MMS_VARIABLE`.
 */
export const SETTINGS = {
  modelStore: optional(text("DIR"), {
    group: "Models",
    banner: "Model Store",
    help: "the folder that models are looked for in",
  }),
  loadModels: setting(modelSelection(), "", {
    group: "Models",
    shortFlag: "models",
    banner: "Initial Models",
    help:
      "models served from the start: [name=]location, separated by commas or spaces, or ALL of the store",
  }),
  state: optional(text("FILE"), {
    group: "Models",
    help:
      "a file that keeps what is registered, scaled and unregistered over the management API for the next start",
  }),
  cacheDir: optional(text("DIR"), {
    group: "Models",
    help:
      "where downloads and unpacked archives are kept; the user's cache otherwise",
  }),
  allowedUrls: optional(text("REGEX,..."), {
    group: "Models",
    help:
      "urls that models may be fetched from, as regular expressions between commas that match them as a whole; otherwise any http, https or s3 url that leads out on the internet",
  }),
  zooUrl: optional(text("URL"), {
    group: "Models",
    help:
      "where the models of the zoo are fetched from, instead of their homes",
  }),
  downloadMaxSize: setting(integer(1), "8589934592", {
    group: "Models",
    help: "bytes of the largest file that is fetched",
  }),
  archiveMaxEntries: setting(integer(1), "10000", {
    group: "Models",
    help: "files and folders that an archive may hold",
  }),
  archiveMaxSize: setting(integer(1), "8589934592", {
    group: "Models",
    help: "bytes that an archive may unpack to",
  }),
  archiveMaxRatio: setting(integer(1), "200", {
    group: "Models",
    help: "bytes that each packed byte may unpack to, beyond the first 100 MiB",
  }),
  archiveMaxMetadataSize: setting(integer(1), "1048576", {
    group: "Models",
    help: "bytes of a manifest or a signature",
  }),
  archiveMaxJsonDepth: setting(integer(1), "100", {
    group: "Models",
    help: "brackets within brackets in a manifest or a signature",
  }),
  defaultServiceHandler: optional(text("HANDLER"), {
    group: "Models",
    help: "the handler of models that name none, module[:function]",
  }),
  service: setting(choice(["auto", "python"]), "auto", {
    group: "Models",
    help:
      "auto runs unedited services of the original server built in; python leaves all code to Python",
  }),
  python: optional(text("PROGRAM"), {
    group: "Models",
    banner: "Python executable",
    unset: "the system's own",
    help:
      "the Python, 3.8 or later, that runs the Python code of models; python3 otherwise, python on Windows",
  }),
  installPyDepPerModel: setting(toggle(), "false", {
    group: "Models",
    help:
      "whether pip installs what a model's requirements.txt names, in an environment of its own",
  }),
  tellTracebacks: setting(toggle(), "false", {
    group: "Models",
    help:
      "whether callers are told the traceback of a Python service that fails, which is logged in any case",
  }),
  decodeInputRequest: setting(toggle(), "true", {
    group: "Models",
    help:
      "whether Python services get JSON and text parsed instead of as bytes",
  }),
  defaultWorkersPerModel: setting(integer(0), "0", {
    group: "Workers",
    shortFlag: "workers",
    banner: "Default workers per model",
    help:
      "worker processes of each model; 0: as many as there are CPUs at the start, and none for models registered later",
  }),
  maxWorkersPerModel: setting(integer(1), "128", {
    group: "Workers",
    help:
      "workers that may be asked for over the management API; more are refused with 400",
  }),
  threads: setting(integer(1), "1", {
    group: "Workers",
    help:
      "threads of each worker; more make one prediction faster and several at once slower",
  }),
  jobQueueSize: setting(integer(1), "100", {
    group: "Workers",
    help:
      "requests that may wait for each model; more are refused with 503, which beats answering them too late",
  }),
  defaultResponseTimeout: setting(integer(0), "120", {
    group: "Workers",
    help: "minutes that a prediction may run before its worker is replaced",
  }),
  defaultResponseTimeoutSeconds: setting(integer(-1), "-1", {
    group: "Workers",
    help: "the same in seconds; beats the minutes unless it is -1",
  }),
  requestTimeout: setting(seconds(0), "0", {
    group: "Workers",
    help: "seconds that a request may take, waiting included; 0: no limit",
  }),
  blacklistEnvVars: optional(pattern(), {
    group: "Workers",
    banner: "Blacklist Regex",
    help:
      "the names of variables that workers do not get, as a regular expression that matches them as a whole",
  }),
  idleTimeout: setting(seconds(0), "0", {
    group: "Workers",
    help:
      "seconds until a worker beyond the minimum is given up for want of work; with it, a model without workers starts one when it is asked; 0: off",
  }),
  workerMemoryLimit: setting(integer(0), "0", {
    group: "Workers",
    help: "bytes of resident memory at which a worker is replaced; 0: no limit",
  }),
  unregisterModelTimeout: setting(integer(0), "120", {
    group: "Workers",
    help: "seconds that unregistering waits for the model's last predictions",
  }),
  inferenceAddress: setting(
    address({ http: 80, https: 443 }),
    "http://127.0.0.1:8080",
    {
      group: "Listening",
      banner: "Inference address",
      help: "where predictions are answered; port 0 takes a free one",
    },
  ),
  managementAddress: setting(
    address({ http: 8081, https: 8444 }),
    "http://127.0.0.1:8081",
    {
      group: "Listening",
      banner: "Management address",
      help:
        "where models are registered; the same address as for predictions shares one port",
    },
  ),
  maxConnections: setting(integer(0), "0", {
    group: "Listening",
    help:
      "connections kept open on each address; 0: as many as the system's limit on open files allows",
  }),
  certificateFile: optional(text("FILE"), {
    group: "Security",
    help:
      "a PEM file with the certificate of https addresses; without one, and without a keystore, it signs its own",
  }),
  privateKeyFile: optional(text("FILE"), {
    group: "Security",
    help: "a PEM file with the private key of the certificate",
  }),
  keystore: optional(text("FILE"), {
    group: "Security",
    help: "a PKCS12 file with certificate and key",
  }),
  keystorePass: setting(text(), "changeit", {
    group: "Security",
    secret: true,
    help: "the password of the keystore",
  }),
  keystoreType: setting(choice(["PKCS12", "JKS"]), "PKCS12", {
    group: "Security",
    help: "JKS is not read: keytool -importkeystore turns it into PKCS12",
  }),
  managementAuthentication: optional(toggle(), {
    group: "Security",
    help:
      "whether managing models takes a token; otherwise it does where other machines can reach it",
  }),
  managementToken: optional(text(), {
    group: "Security",
    secret: true,
    help: "that token; where one is needed and none is given, it is made up",
  }),
  managementTokenFile: optional(text("FILE"), {
    group: "Security",
    help: "a file with that token",
  }),
  inferenceToken: optional(text(), {
    group: "Security",
    secret: true,
    help: "a token that predictions take; none otherwise",
  }),
  inferenceMetrics: setting(toggle(), "true", {
    group: "Security",
    help:
      "whether /metrics answers on the inference address too, with the token of predictions; where these take none and other machines can reach them, with that of the management",
  }),
  inferenceTokenFile: optional(text("FILE"), {
    group: "Security",
    help: "a file with that token",
  }),
  serviceNet: optional(text("HOST,..."), {
    group: "Security",
    help:
      "hosts, host:port between commas, that services in TypeScript may fetch from; none otherwise",
  }),
  maxRequestSize: setting(integer(0), "6553500", {
    group: "Requests",
    banner: "Maximum Request Size",
    help: "bytes of the largest request body",
  }),
  maxResponseSize: setting(integer(0), "6553500", {
    group: "Requests",
    banner: "Maximum Response Size",
    help: "bytes of the largest answer of a model",
  }),
  pingFailsWhenUnhealthy: setting(toggle(), "false", {
    group: "Requests",
    help:
      "whether /ping answers 503, and not 200, while no model can be served",
  }),
  corsAllowedOrigin: optional(text("ORIGIN"), {
    group: "Requests",
    help: "the value of access-control-allow-origin on every response",
  }),
  corsAllowedMethods: optional(text("METHODS"), {
    group: "Requests",
    help: "the value of access-control-allow-methods on every response",
  }),
  corsAllowedHeaders: optional(text("HEADERS"), {
    group: "Requests",
    help: "the value of access-control-allow-headers on every response",
  }),
  logLevel: setting(choice(LOG_LEVELS), "info", {
    group: "Logs",
    help: "the least severe events that are logged",
  }),
  logFormat: setting(choice(["text", "json"]), "text", {
    group: "Logs",
    help: "lines as the original writes them, or one JSON object a line",
  }),
  logLocation: optional(text("DIR"), {
    group: "Logs",
    banner: "Log dir",
    help:
      "the folder of the log files; LOG_LOCATION otherwise, else logs where a configuration file or an old name is used, or nobody sees the console",
  }),
  metricsLocation: optional(text("DIR"), {
    group: "Logs",
    banner: "Metrics dir",
    help: "the same of the metrics files, and METRICS_LOCATION",
  }),
  metricTimeInterval: setting(integer(0), "60", {
    group: "Logs",
    help:
      "seconds between two looks at how busy the machine is, for the metrics files; 0: none",
  }),
  drainTimeout: setting(seconds(0), "30", {
    group: "Process",
    help: "seconds that stopping waits for predictions under way",
  }),
  pidFile: optional(text("FILE"), {
    group: "Process",
    help: "where the server's process id is kept; per user otherwise",
  }),
  enableEnvvarsConfig: setting(toggle(), "false", {
    group: "Process",
    help:
      "lets MMS_ variables beat flags and file; without a file they count anyway, below flags",
  }),
} as const;

/** The name of a setting, as code has it. */
export type SettingKey = keyof typeof SETTINGS;

/** Every setting's value, resolved once and for all. */
export type Settings = {
  readonly [K in SettingKey]: (typeof SETTINGS)[K] extends Setting<infer T> ? T
    : never;
};

/** The keys of all settings, in the order in which they are listed. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];
