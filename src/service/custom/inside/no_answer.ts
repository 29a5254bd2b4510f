/** What a service returned is no answer: its caller is told less than its author. */
export class NoAnswer extends Error {
  /** The HTTP status that MMS has for it. */
  readonly status = 503;
  /** What it is and what would be right. */
  readonly why: string;

  /** Makes an error whose message is MMS's text for callers. */
  constructor(message: string, why: string) {
    super(message);
    this.why = why;
  }
}
