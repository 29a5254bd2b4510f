import { basename, relative, resolve } from "node:path";
import type { Template } from "../export/mod.ts";
import { Command, Option } from "./command.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The options of `mms init`, as commander hands them over. */
interface InitFlags {
  readonly template: Template;
}

const NOTES = `
image      classes of a picture: extends the built-in image service
json       anything in JSON, without a graph: a function handle
detector   boxes in a picture, with a graph that keeps the place of yours
python     anything, in Python

The folder can be served and packed as it is. The first three are TypeScript;
mms.d.ts in them tells editors what there is to import from mms, deno.json and
tsconfig.json where that is.

Examples:
  $ mms init flowers --template image
  $ mms serve --watch flowers
  $ mms archive --model-name flowers --model-path flowers --handler service.ts
`;

/** Returns `mms init`. */
export function initCommand(terminal: Terminal): Command {
  return new Command("init")
    .summary("make a folder with a service to begin with")
    .description("Makes the folder of a model with a service to begin with.")
    .argument("<folder>", "the folder to make; its name is the model's")
    .addOption(
      new Option("--template <template>", "what it is like")
        .choices(["image", "json", "detector", "python"]).default("image"),
    )
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", NOTES)
    .action((folder: string, flags: InitFlags) =>
      init(folder, flags, terminal)
    );
}

async function init(
  folder: string,
  { template }: InitFlags,
  terminal: Terminal,
): Promise<void> {
  const { initModel } = await import("../export/mod.ts");
  await initModel(folder, { name: basename(resolve(folder)), template });
  if (!terminal.out.isTerminal) return;
  const shown = relative(Deno.cwd(), folder) || folder;
  terminal.out.write(`Made ${shown}; try: mms serve --watch ${shown}\n`);
}
