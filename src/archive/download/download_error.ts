import { MmsError } from "../../errors.ts";

/** What is downloaded, as it may be shown. */
export interface Subject {
  /** The url as it was asked for, without credentials and without its query. */
  readonly shown: string;
}

/** Why a download came to nothing. */
export type DownloadReason =
  /** The settings do not allow it. */
  | { readonly kind: "refused" }
  /** The server said so; `retryAfter` in ms, 0 unless it said when. */
  | {
    readonly kind: "status";
    readonly status: number;
    readonly retryAfter: number;
  }
  /** Nothing came for too long. */
  | { readonly kind: "timeout" }
  /** The host is not known: no network, or no such name. */
  | { readonly kind: "unreachable" }
  /** The connection could not be made, or broke: another try may help. */
  | { readonly kind: "broken" }
  /** What came is not what was asked for. */
  | { readonly kind: "content" };

/** A download that came to nothing. */
export class DownloadError extends MmsError {
  /** Why. */
  readonly reason: DownloadReason;

  /** Makes an error whose message says that `subject` cannot be had, and why. */
  constructor(
    subject: Subject,
    reason: DownloadReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(
      "download_failed",
      `Cannot download "${subject.shown}": ${message}`,
      options,
    );
    this.reason = reason;
  }
}

/** Returns a url as it may be shown and logged. */
export function subjectOf(url: URL): Subject {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  const query = shown.search === "" ? "" : "?…";
  shown.search = "";
  shown.hash = "";
  return { shown: shown.href + query };
}
