import { relative } from "node:path";
import { Command } from "./command.ts";
import { ProgressBar } from "./terminal/progress.ts";
import { requireOptions } from "./require_options.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The options of `mms export`, as commander hands them over. */
interface ExportFlags {
  readonly modelName: string;
  readonly modelPath: string;
  readonly serviceFilePath?: string;
}

const NAME = "--model-name <name>";
const PATH = "--model-path <folder>";

const NOTES = `
--model-path holds signature.json and one network: an .onnx file, or
NAME-symbol.json with its NAME-0000.params. Whatever else is there, such as
synset.txt with the labels, is packed as well, except hidden files. The archive
is written to the working directory and never replaces one that is there.

How many classes are answered, signature.json says: "top": 10 in it needs no
code. To change what else the service does, unpack the .model file (it is a zip
file), edit the .py file in it, and export the folder again. Edited code runs as
Python, which needs numpy.

Example:
  $ mms export --model-name squeezenet_v1.1 --model-path models/squeezenet_v1.1
`;

/** Returns `mms export`, once `mxnet-model-export`. */
export function exportCommand(terminal: Terminal): Command {
  return new Command("export")
    .summary("pack a model into a .model file, the format before .mar")
    .description(
      "Packs a model, its signature, its labels and its service into one .model file, the format that came before .mar. For anything new use mms archive.",
    )
    .option(NAME, "name of the model and the archive")
    .option(PATH, "folder that holds the model")
    .option(
      "--service-file-path <file>",
      "Python service; left out: one that lies among the files, else one that suits the signature's input_type",
    )
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", NOTES)
    .action((flags: ExportFlags, command: Command) => {
      requireOptions(command, [NAME, PATH]);
      return exportTo(flags, terminal);
    });
}

async function exportTo(flags: ExportFlags, terminal: Terminal): Promise<void> {
  const target = await pack(flags, terminal);
  if (terminal.out.isTerminal) {
    const shown = relative(Deno.cwd(), target);
    terminal.out.write(`Packed ${shown}; try: mms serve ${shown}\n`);
  }
}

async function pack(flags: ExportFlags, terminal: Terminal): Promise<string> {
  const { exportModel } = await import("../export/mod.ts");
  using bar = new ProgressBar(terminal.err);
  return await exportModel({
    ...flags,
    exportPath: ".",
    progress: (done, total) => bar.update({ what: "Packing", done, total }),
    signal: terminal.signal,
  });
}
