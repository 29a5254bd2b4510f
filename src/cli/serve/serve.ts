import {
  printSettings,
  type ResolvedSettings,
  resolveSettings,
} from "../../config/mod.ts";
import { MmsError } from "../../errors.ts";
import { Command, Option } from "../command.ts";
import { defaultPidFile } from "./pid_file.ts";
import { settingFlags, settingOptions, settingsHelp } from "./serve_options.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** The options of `mms serve` that are no settings, as commander hands them over. */
interface ServeFlags {
  readonly start?: true;
  readonly stop?: true;
  readonly foreground?: true;
  /** Set in a process that `--start` has begun: nobody sees its console. */
  readonly detached?: true;
  readonly mmsConfig?: string;
  readonly logConfig?: string;
  readonly printConfig?: true;
  readonly watch?: true;
}

const NOTES = `
Every setting can stand in a configuration file, as max_request_size=1000 for
--max-request-size, and in the environment, as MMS_MAX_REQUEST_SIZE. Flags beat
the file. The environment counts below flags where there is no file, and above
everything where the file says enable_envvars_config=true.

Examples:
  $ mms serve squeezenet.mar
  $ mms serve --model-store models --models a=a.mar b=b.mar --workers 2
  $ mms serve --watch my-service
  $ mms serve --start --mms-config config.properties
  $ mms serve --stop
`;

/** Under these the server goes into the background by itself. */
const OLDEST_NAME = "mxnet-model-server";
const OLD_NAMES = ["multi-model-server", OLDEST_NAME];
const RENAMED =
  "Warning: Calling MMS with mxnet-model-server. Please move to multi-model-server.\n";

/** Returns `mms serve`, once `multi-model-server`. */
export function serveCommand(terminal: Terminal): Command {
  const command = new Command("serve")
    .summary("answer predictions over HTTP")
    .description(
      "Serves models over HTTP: predictions on one address, their management on\nanother.",
    )
    .argument("[model...]", "models to serve, as with --models")
    .option("--foreground", "serve in the foreground, as without --start")
    .addOption(
      new Option("--start", "serve in the background").conflicts([
        "stop",
        "foreground",
      ]),
    )
    .option("--stop", "stop the server in the background")
    .option(
      "--mms-config <file>",
      "the configuration file, or sagemaker (./config.properties if it is there)",
    )
    .option("--watch", "read a model again when its files change")
    .option("--print-config", "print every setting and where it comes from")
    .addOption(new Option("--log-config <file>").hideHelp())
    .addOption(new Option("--detached").hideHelp())
    .helpOption("-h, --help", "print this help")
    .addHelpText(
      "after",
      () => `${settingsHelp(terminal.out.columns)}${NOTES}`,
    );
  settingOptions().forEach((option) => command.addOption(option));
  return command.action((models: readonly string[], flags: ServeFlags) =>
    serve(models, { flags, terminal, name: command.parent?.args[0] })
  );
}

/** One call of `mms serve`. */
interface ServeCall {
  readonly flags: ServeFlags;
  readonly terminal: Terminal;
  /** What the command was called by. */
  readonly name: string | undefined;
}

/** What a server gets beyond its own limit before it is killed. */
const LAST_GRACE_SECONDS = 5;

async function serve(
  models: readonly string[],
  { flags, terminal, name = "" }: ServeCall,
): Promise<void> {
  if (flags.stop && models.length > 0) {
    throw new MmsError(
      "usage",
      `Cannot stop "${
        models[0]
      }": --stop stops the server with all its models, without any named would be right`,
    );
  }
  const resolved = await resolveFlags(models, flags);
  if (flags.printConfig) {
    terminal.out.write(printSettings(resolved));
    return;
  }
  const isOldName = OLD_NAMES.includes(name);
  const command = isOldName ? OLD_NAMES[0]! : "mms serve";
  const { drainTimeout } = resolved.settings;
  const hasPidFile = flags.start || flags.stop || flags.detached || isOldName;
  const pidFile = resolved.settings.pidFile ??
    (hasPidFile ? await defaultPidFile() : undefined);
  if (flags.stop) {
    const { stopServer } = await import("./serve_background.ts");
    const graceMs = (drainTimeout + LAST_GRACE_SECONDS) * 1000;
    return await stopServer(pidFile!, { terminal, graceMs });
  }
  const isDetached = flags.detached === true;
  if (name === OLDEST_NAME && !isDetached) terminal.out.write(RENAMED);
  const { checkFiles, checkStore } = await import("./serve_checks.ts");
  await checkFiles(flags);
  await checkStore(resolved, { isOriginal: isOldName });
  if ((flags.start || isOldName) && !flags.foreground && !isDetached) {
    const { startServer } = await import("./serve_background.ts");
    return await startServer(pidFile!, { terminal, command });
  }
  const { serveForeground } = await import("./serve_foreground.ts");
  await serveForeground(await configured(resolved, flags), {
    ...{ terminal, command, pidFile, isDetached },
    isOriginal: isOldName,
    isWatching: flags.watch === true,
  });
}

async function resolveFlags(
  models: readonly string[],
  flags: ServeFlags,
): Promise<ResolvedSettings> {
  const given = settingFlags({ ...flags });
  const { flag = "--models", text = [] } = given.loadModels ?? {};
  const named = [text, ...models].flat();
  return await resolveSettings({
    flags: named.length === 0
      ? given
      : { ...given, loadModels: { flag, text: named.join(",") } },
    configFile: flags.mmsConfig,
    environment: Deno.env.toObject(),
  });
}

async function configured(
  resolved: ResolvedSettings,
  { logConfig }: ServeFlags,
): Promise<ResolvedSettings> {
  if (logConfig === undefined) return resolved;
  const { withLogConfig } = await import("./log_config.ts");
  return await withLogConfig(resolved, logConfig);
}
