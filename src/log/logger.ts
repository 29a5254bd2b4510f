/** Values for the places `{name}` of a message; `requestId` names a request. */
export type LogProperties = Readonly<Record<string, unknown>>;

/**
 * Takes the events of one part of the program. Without properties a message is
 * taken as it is, braces included.
 */
export interface Logger {
  /** Logs what is interesting only when hunting a bug. */
  debug(message: string, properties?: LogProperties): void;
  /** Logs what happened, as it should. */
  info(message: string, properties?: LogProperties): void;
  /** Logs what somebody may have to look after. */
  warn(message: string, properties?: LogProperties): void;
  /** Logs what went wrong. */
  error(message: string, properties?: LogProperties): void;
  /** Logs what ends the program. */
  fatal(message: string, properties?: LogProperties): void;
}
