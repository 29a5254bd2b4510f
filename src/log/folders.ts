/** The folders of the log files. */
export interface LogFolders {
  /** Of `access_log.log`, `model_log.log` and `mms_log.log`. */
  readonly logs: string;
  /** Of `mms_metrics.log` and `model_metrics.log`. */
  readonly metrics: string;
}

/** What the user said about log files. */
export interface LogFolderChoice {
  /** `--log-location` or the variable `LOG_LOCATION`. */
  readonly logLocation?: string | undefined;
  /** `--metrics-location` or the variable `METRICS_LOCATION`. */
  readonly metricsLocation?: string | undefined;
  /** Whether it takes the place of MMS, or nobody sees the console. */
  readonly isExpected: boolean;
}

/** MMS's folder, in the working directory. */
const DEFAULT_FOLDER = "logs";

/**
 * Decides whether there are log files, and where. MMS always writes them into
 * `logs` in the working directory. So does mms where it takes the place of
 * MMS: where a folder was named, a configuration file is in use, the server
 * runs in the background or was called by an old name. Somebody who just tries `mms serve MODEL` in a
 * terminal sees all of it there, and finds no folder left behind.
 */
export function logFolders(choice: LogFolderChoice): LogFolders | undefined {
  const { logLocation, metricsLocation, isExpected } = choice;
  if (!isExpected && !logLocation && !metricsLocation) return undefined;
  return {
    logs: logLocation || DEFAULT_FOLDER,
    metrics: metricsLocation || DEFAULT_FOLDER,
  };
}
