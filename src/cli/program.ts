import { VERSION } from "../version.ts";
import { Command } from "./command.ts";
import { EXIT_OK, report } from "./exit.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { fitParagraphs } from "./terminal/wrap.ts";

/** A command that is loaded only when it is asked for. */
interface CommandEntry {
  readonly name: string;
  /** What the original called it. */
  readonly oldNames: readonly string[];
  readonly summary: string;
  readonly load: (terminal: Terminal) => Promise<Command>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: "archive",
    oldNames: ["model-archiver"],
    summary: "pack a model and what belongs to it into one .mar file",
    load: async (terminal) =>
      (await import(
        import.meta.resolve("./archive.ts")
      ) as typeof import("./archive.ts")).archiveCommand(terminal),
  },
  {
    name: "export",
    oldNames: ["mxnet-model-export", "multi-model-export"],
    summary: "pack a model into a .model file, the format before .mar",
    load: async (terminal) =>
      (await import(
        import.meta.resolve("./export.ts")
      ) as typeof import("./export.ts")).exportCommand(terminal),
  },
  {
    name: "serve",
    oldNames: ["multi-model-server", "mxnet-model-server"],
    summary: "answer predictions over HTTP",
    load: async (terminal) =>
      (await import(
        import.meta.resolve("./serve/serve.ts")
      ) as typeof import("./serve/serve.ts")).serveCommand(terminal),
  },
  {
    name: "predict",
    oldNames: [],
    summary: "run a model on files, here and now",
    load: async (terminal) =>
      (await import(
        import.meta.resolve("./predict/predict.ts")
      ) as typeof import("./predict/predict.ts")).predictCommand(terminal),
  },
  {
    name: "init",
    oldNames: [],
    summary: "make a folder with a service to begin with",
    load: async (terminal) =>
      (await import(
        import.meta.resolve("./init.ts")
      ) as typeof import("./init.ts")).initCommand(terminal),
  },
  {
    name: "python",
    oldNames: [],
    summary: "say where the Python package of mms lies",
    load: async (terminal) =>
      (await import(
        import.meta.resolve("./python.ts")
      ) as typeof import("./python.ts")).pythonCommand(terminal),
  },
];

const EXAMPLES = `
Examples:
  $ mms predict kitten.jpg
  $ mms archive --model-name squeezenet --model-path squeezenet/
  $ mms serve squeezenet.mar
  $ curl -T kitten.jpg http://127.0.0.1:8080/predictions/squeezenet
`;

/**
 * Runs one command line, without the program's own name, and returns the exit
 * code: 0 done, 1 could not, 2 usage, 70 a bug in mms, 130 interrupted.
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    const program = await buildProgram(args[0], terminal);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    return EXIT_OK;
  } catch (error) {
    return report(error, terminal);
  }
}

/** Only the command that is asked for is loaded; of the others help needs a line. */
async function buildProgram(
  asked: string | undefined,
  terminal: Terminal,
): Promise<Command> {
  const program = inherit(new Command("mms"), terminal)
    .description(
      "Packs machine-learning models into archives, serves them over HTTP and runs them\nfrom the command line.",
    )
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", EXAMPLES);
  for (const entry of COMMANDS) {
    const named = asked === entry.name || entry.oldNames.includes(asked ?? "");
    const command = named || asked === "help"
      ? await entry.load(terminal)
      : new Command(entry.name).summary(entry.summary).allowUnknownOption();
    program.addCommand(inherit(command, terminal).aliases(entry.oldNames));
  }
  return program;
}

function inherit(command: Command, terminal: Terminal): Command {
  return command
    .exitOverride()
    .showHelpAfterError("(see --help)")
    .configureHelp({
      subcommandTerm: (subcommand) => subcommand.name(),
      // Without the old names, which commander lists as aliases.
      commandUsage: (one) =>
        `${one.parent ? "mms " : ""}${one.name()} ${one.usage()}`,
      helpWidth: terminal.out.columns,
      minWidthToWrap: 20,
    })
    .configureOutput({
      writeOut: (text) =>
        terminal.out.write(fitParagraphs(text, terminal.out.columns)),
      writeErr: (text) => terminal.err.write(text),
      getOutHasColors: () => terminal.out.color,
      getErrHasColors: () => terminal.err.color,
    });
}
