import { wait } from "../cache/cache_lock.ts";
import { attempt, type Download } from "./download_attempt.ts";
import { DownloadError, subjectOf } from "./download_error.ts";
import type { DownloadContext, ProgressListener } from "./download_options.ts";
import { DownloadPart, type Expected } from "./download_part.ts";
import { sourceOf } from "./download_source.ts";

/** So many bytes more, and the earlier failures are forgotten. */
const NEWS_BYTES = 1024 ** 2;

/** The statuses after which another try may help. */
const TRANSIENT: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** How a file is downloaded. */
export interface DownloadOptions {
  readonly context: DownloadContext;
  /** Ends the download; what has come so far stays for the next time. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ProgressListener | undefined;
  readonly expected?: Expected | undefined;
  /** Whether the file that the folder's record tells of will do, if unchanged. */
  readonly revalidate?: boolean;
}

/**
 * Downloads a file into a folder of its own: goes on where an earlier try broke
 * off, tries again after what may pass, and checks what came.
 *
 * @throws {DownloadError} `download_failed`, with the reason
 * @throws {MmsError} `io_failed` if the disk has no room; `aborted` if the
 * signal fires
 */
export async function download(
  url: URL,
  folder: string,
  options: DownloadOptions,
): Promise<Download> {
  const subject = subjectOf(url);
  const { signal } = options;
  const { source, context } = await sourceOf(url, subject, options.context);
  const { retries, retryPause } = context.limits;
  const task = { ...context, subject, signal };
  const part = new DownloadPart(folder);
  let failures = 0;
  while (true) {
    const before = await part.size();
    try {
      return await attempt(source, part, { ...options, task });
    } catch (error) {
      const isNews = await part.size() - before >= NEWS_BYTES;
      failures = isNews ? 1 : failures + 1;
      if (!isTransient(error) || failures > retries) throw error;
      const pause = retryPause * 2 ** (failures - 1);
      await wait(Math.max(pause, retryAfterOf(error)), signal);
    }
  }
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof DownloadError)) return false;
  const { reason } = error;
  return reason.kind === "broken" || reason.kind === "timeout" ||
    reason.kind === "status" && TRANSIENT.includes(reason.status);
}

function retryAfterOf(error: unknown): number {
  return error instanceof DownloadError && error.reason.kind === "status"
    ? error.reason.retryAfter
    : 0;
}
