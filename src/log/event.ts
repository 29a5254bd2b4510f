import type { LogLevel } from "./level.ts";

/** One thing that happened, on its way to be written. */
export interface LogEvent {
  /** When, in ms since 1970. */
  readonly time: number;
  readonly level: LogLevel;
  /** Who it was: a stream of a worker; the server itself where left out. */
  readonly thread?: string | undefined;
  /** The request that it belongs to. */
  readonly requestId?: string | undefined;
  /** The part of the program, such as `mms.workload`. */
  readonly logger: string;
  /** One line or several, without secrets. */
  readonly message: string;
  /** Values that machines may want to look at, in JSON alone. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Turns events into lines, without their line feeds. */
export interface Layout {
  /** Says all, for the console and for files with everything in them. */
  full(event: LogEvent): string;
  /** Says what a file for one kind of event needs. */
  bare(event: LogEvent): string;
}
