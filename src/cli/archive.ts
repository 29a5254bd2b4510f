import { relative } from "node:path";
import type { ArchiveFormat, Runtime } from "../archive/mod.ts";
import { Command, Option } from "./command.ts";
import { ProgressBar } from "./terminal/progress.ts";
import { requireOptions } from "./require_options.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The options of `mms archive`, as commander hands them over. */
interface ArchiveFlags {
  readonly modelName: string;
  readonly modelPath: string;
  readonly handler?: string;
  readonly runtime: Runtime;
  readonly exportPath: string;
  readonly archiveFormat: ArchiveFormat;
  readonly force?: boolean;
  readonly convert?: boolean;
}

const NAME = "--model-name <name>";
const PATH = "--model-path <folder>";

const NOTES = `
A model name starts with a letter or digit; letters, digits, "_", "-" and "."
follow. All files and folders of --model-path are packed, except hidden ones,
__MACOSX, .DS_Store, MANIFEST.json, __pycache__, *.pyc and other archives.
MAR-INF is the folder of the archive's own files: do not use it.

Without --handler the archive runs as a built-in service: mms:image answers
pictures, mms:json nested arrays. Which one it is, signature.json says, or
else the graph's own inputs.

A handler in TypeScript or JavaScript, such as service.ts or service.js:Top10,
is loaded first to see that it can be; TypeScript is packed with the JavaScript
that it becomes, which is what runs.

With --convert model.onnx takes the place of NAME-symbol.json and
NAME-0000.params in the archive; the folder stays as it is. Without it a
checkpoint is packed as such and converted where it is served. The original's
-c went the other way, from ONNX to MXNet, which is not needed any more.

Examples:
  $ mms archive --model-name squeezenet_v1.1 --model-path squeezenet
  $ mms archive --model-name lstm --model-path lstm --handler lstm_service:handle
`;

/** Returns `mms archive`, once `model-archiver`. */
export function archiveCommand(terminal: Terminal): Command {
  return new Command("archive")
    .summary("pack a model and what belongs to it into one .mar file")
    .description(
      "Packs a model, its signature, its labels and its code into one archive, the .mar file that mms serve and mms predict take.",
    )
    .option(NAME, "name of the model and the archive")
    .option(PATH, "folder that holds the model")
    .option(
      "--handler <module[:function]>",
      "code to call, not needed where a built-in service runs the model",
    )
    .addOption(
      new Option("--runtime <runtime>", "what runs the handler")
        .choices(["python", "python2", "python3", "deno"]).default("python"),
    )
    .option("--export-path <folder>", "folder to write to", ".")
    .addOption(
      new Option(
        "--archive-format <format>",
        "a .mar file, a .tar.gz file, or a folder",
      ).choices(["default", "tgz", "no-archive"]).default("default"),
    )
    .option("-f, --force", "replace an archive that is there already")
    .option(
      "-c, --convert",
      "pack an MXNet checkpoint as the ONNX graph that it is converted to",
    )
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", NOTES)
    .action((flags: ArchiveFlags, command: Command) => {
      requireOptions(command, [NAME, PATH]);
      return archive(flags, terminal);
    });
}

async function archive(flags: ArchiveFlags, terminal: Terminal): Promise<void> {
  const target = await pack(flags, terminal);
  if (terminal.out.isTerminal) {
    const shown = relative(Deno.cwd(), target);
    terminal.out.write(`Packed ${shown}; try: mms serve ${shown}\n`);
  }
}

async function pack(flags: ArchiveFlags, terminal: Terminal): Promise<string> {
  const { archiveModel } = await import("../export/mod.ts");
  const { archiveFormat, force = false, ...options } = flags;
  using bar = new ProgressBar(terminal.err);
  return await archiveModel({
    ...options,
    format: archiveFormat,
    force,
    warn: (line) => terminal.err.write(`${line}\n`),
    progress: (done, total) => bar.update({ what: "Packing", done, total }),
    signal: terminal.signal,
  });
}
