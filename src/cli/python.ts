import { cacheFolder } from "../private_folder.ts";
import { Command } from "./command.ts";
import { requireOptions } from "./require_options.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The options of `mms python`, as commander hands them over. */
interface PythonFlags {
  readonly cacheDir?: string;
}

const PATH = "--path";

const NOTES = `
The folder belongs into PYTHONPATH. In it are what services import, and
mms.export_model, with which a program that trains a network of MXNet exports it:

  from mms.export_model import export_serving
  export_serving(net, "name", {"input_type": "image/jpeg",
                               "output_type": "application/json"})

Example:
  $ PYTHONPATH=$(mms python --path) python3 train.py
`;

/** Returns `mms python`. */
export function pythonCommand(terminal: Terminal): Command {
  return new Command("python")
    .summary("say where the Python package of mms lies")
    .description(
      "Writes the Python package of mms into the cache, unless it is there.",
    )
    .option(PATH, "print the folder to import it from")
    .option("--cache-dir <folder>", "folder to keep the package in")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", NOTES)
    .action((flags: PythonFlags, command: Command) => {
      requireOptions(command, [PATH]);
      return printPath(flags, terminal);
    });
}

async function printPath(
  { cacheDir }: PythonFlags,
  terminal: Terminal,
): Promise<void> {
  const { PythonPackage } = await import("../workload/mod.ts");
  await using python = new PythonPackage({
    cacheFolder: cacheDir ?? cacheFolder(),
  });
  terminal.out.write(`${await python.keptFolder()}\n`);
}
