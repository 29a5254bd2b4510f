import type { Subject } from "./download_error.ts";
import type { UrlRules } from "./download_rules.ts";

/** Reads one variable of the environment. */
export type Environment = (name: string) => string | undefined;

/** How far something has come. */
export interface Progress {
  /** What is on its way, such as a file's name. */
  readonly what: string;
  /** Bytes. */
  readonly done: number;
  /** Bytes; `undefined` where nobody knows. */
  readonly total: number | undefined;
}

/** Takes note of how far something has come; called often. */
export type ProgressListener = (progress: Progress) => void;

/** How much, how long and how often. */
export interface DownloadLimits {
  /** Bytes of the largest file. */
  readonly maxBytes: number;
  /** Time until a server has begun to answer, in ms. */
  readonly connectTimeout: number;
  /** Time without a byte, in ms. */
  readonly stallTimeout: number;
  /** How often is tried again when nothing new came. */
  readonly retries: number;
  /** Time before the first of these, in ms; doubled each time. */
  readonly retryPause: number;
}

/** The limits that hold unless the settings say otherwise. */
export const DEFAULT_DOWNLOAD_LIMITS: DownloadLimits = {
  maxBytes: 8 * 1024 ** 3,
  connectTimeout: 20_000,
  stallTimeout: 30_000,
  retries: 4,
  retryPause: 500,
};

/** What holds for every download of a program. */
export interface DownloadContext {
  /** Which urls may be downloaded from. */
  readonly rules: UrlRules;
  readonly limits: DownloadLimits;
  /** Names proxies and AWS credentials. */
  readonly env: Environment;
  /** PEM certificates that are trusted besides the well-known ones. */
  readonly caCertificates: readonly string[];
}

/** One download on its way. */
export interface DownloadTask extends DownloadContext {
  readonly subject: Subject;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
}
