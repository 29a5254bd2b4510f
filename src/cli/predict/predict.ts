import { ModelStore, type OpenedArchive } from "../../archive/mod.ts";
import { MmsError, throwIfAborted } from "../../errors.ts";
import { closeLogs, configureLog } from "../../log.ts";
import { cacheFolder } from "../../private_folder.ts";
import type { Service } from "../../service/mod.ts";
import { Command, InvalidArgumentError, Option } from "../command.ts";
import { Exit, EXIT_FAILURE } from "../exit.ts";
import { predictBatch } from "./predict_batch.ts";
import { checkRequests, readArguments, type Request } from "./predict_input.ts";
import { openModel } from "./predict_model.ts";
import { predictNotes } from "./predict_notes.ts";
import { loadPredictService } from "./predict_service.ts";
import { STDIN } from "./predict_read.ts";
import { reportOutcome } from "./predict_report.ts";
import { StageTimes } from "./predict_times.ts";
import { ProgressBar } from "../terminal/progress.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** How many inputs run together where the graph allows. */
const BATCH_SIZE = 16;

/** Somebody waits and looks on. */
const PATIENCE = { retries: 2 };

/** The options of `mms predict`, as commander hands them over. */
interface PredictFlags {
  readonly model?: string;
  readonly top?: number;
  readonly json?: boolean;
  readonly threads?: number;
  readonly verbose?: boolean;
  readonly cacheDir?: string;
  readonly allowPython?: boolean;
  readonly python?: string;
  readonly zooUrl?: string;
}

/** Returns `mms predict`. */
export function predictCommand(terminal: Terminal): Command {
  return new Command("predict")
    .summary("run a model on files, here and now")
    .description(
      "Runs a model on pictures or JSON files and prints its answers.",
    )
    .argument("[input...]", "pictures, JSON files, patterns of them, or -")
    .option("-m, --model <ref>", "the model, SqueezeNet v1.1 if left out")
    .option("--top <n>", "how many classes to answer with", positive)
    .option("--json", "print each answer as one line of JSON, as HTTP has it")
    .option("--threads <n>", "threads, one for each CPU if left out", positive)
    .option("--cache-dir <folder>", "folder to keep downloads in")
    .addOption(
      new Option("--zoo-url <url>", "where the zoo's files lie, if elsewhere")
        .env("MMS_ZOO_URL"),
    )
    .option("--allow-python", "run Python code of a model from a url")
    .addOption(
      new Option(
        "--python <program>",
        "what runs Python code, python3 if left out",
      )
        .env("MMS_PYTHON"),
    )
    .option("-v, --verbose", "say where the model lies and how long it takes")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", predictNotes)
    .action((inputs: readonly string[], flags: PredictFlags) =>
      predict(inputs, flags, terminal)
    );
}

async function predict(
  inputs: readonly string[],
  flags: PredictFlags,
  terminal: Terminal,
): Promise<void> {
  requireInputs(inputs);
  await configureLog({
    level: flags.verbose ? "info" : "warning",
    format: "brief",
    console: terminal.err,
  });
  try {
    const requests = await readArguments(inputs);
    if (flags.model === undefined) await checkRequests(requests);
    const times = new StageTimes();
    const isWell = await predictAll(requests, { flags, times, terminal });
    if (flags.verbose) terminal.err.write(times.render(terminal.err.columns));
    if (!isWell) throw new Exit(EXIT_FAILURE);
  } finally {
    await closeLogs();
  }
}

/** What a run of the command has at hand. */
interface Run {
  readonly flags: PredictFlags;
  readonly times: StageTimes;
  readonly terminal: Terminal;
}

async function predictAll(
  requests: readonly Request[],
  run: Run,
): Promise<boolean> {
  const { flags, times, terminal } = run;
  await using resources = new AsyncDisposableStack();
  // What cannot be read should not have to wait for a download.
  let service: Promise<Service> | undefined;
  const loaded = () => service ??= load(resources, run);
  const options = { json: flags.json ?? false, named: requests.length > 1 };
  let isWell = true;
  for (let i = 0; i < requests.length; i += BATCH_SIZE) {
    throwIfAborted(terminal.signal);
    const batch = requests.slice(i, i + BATCH_SIZE);
    for (const outcome of await predictBatch(batch, loaded, times)) {
      const isDone = await reportOutcome(outcome, terminal, options);
      isWell &&= isDone;
    }
  }
  return isWell;
}

async function load(
  resources: AsyncDisposableStack,
  run: Run,
): Promise<Service> {
  const started = performance.now();
  const { flags, times, terminal } = run;
  const { threads = navigator.hardwareConcurrency, top } = flags;
  const cacheDir = flags.cacheDir ?? cacheFolder();
  const opened = await open(resources, { ...run, cacheDir });
  const service = resources.use(
    await loadPredictService(opened, resources, {
      threads,
      top,
      batchSize: BATCH_SIZE,
      cacheFolder: cacheDir,
      allowsPython: flags.allowPython ?? false,
      python: flags.python,
      signal: terminal.signal,
    }),
  );
  times.add("load", performance.now() - started);
  if (flags.verbose) {
    const { archive: { name, folder }, source } = opened;
    terminal.err.write(`${name} (${source}) in ${folder}\n`);
  }
  return service;
}

async function open(
  resources: AsyncDisposableStack,
  { flags, terminal, cacheDir }: Run & {
    readonly cacheDir: string | undefined;
  },
): Promise<OpenedArchive> {
  const { model, zooUrl } = flags;
  const store = resources.use(
    new ModelStore({ cacheDir, zooUrl, downloadLimits: PATIENCE }),
  );
  using bar = new ProgressBar(terminal.err);
  return resources.use(
    await openModel(store, {
      model,
      signal: terminal.signal,
      progress: (progress) => bar.update(progress),
    }),
  );
}

function requireInputs(inputs: readonly string[]): void {
  const isTwice = inputs.filter((input) => input === STDIN).length > 1;
  if (inputs.length > 0 && !isTwice) return;
  const reason = isTwice
    ? "standard input can be read once"
    : "no input is named, such as kitten.jpg or - for standard input";
  throw new MmsError("usage", `Cannot predict: ${reason} (see --help)`);
}

function positive(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) {
    return value;
  }
  throw new InvalidArgumentError("It is a whole number from 1 on.");
}
