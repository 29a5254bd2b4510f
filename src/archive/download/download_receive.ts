import { open } from "node:fs/promises";
import { basename } from "node:path";
import { DownloadError } from "./download_error.ts";
import type { DownloadTask, ProgressListener } from "./download_options.ts";
import type { DownloadPart } from "./download_part.ts";
import { brokenOff, type LiveAnswer } from "./download_request.ts";

/** What taking in a body needs to know. */
export interface ReceiveOptions {
  /** How many bytes of the file are there already. */
  readonly from: number;
  readonly task: DownloadTask;
  readonly progress?: ProgressListener | undefined;
}

/**
 * Takes in the body of an answer, from byte `from` of the file on.
 *
 * @throws {DownloadError} if it breaks off, or is too large
 * @throws {MmsError} `io_failed` if the disk has no room; `aborted` if the
 * signal fires
 */
export async function receive(
  live: LiveAnswer,
  part: DownloadPart,
  options: ReceiveOptions,
): Promise<void> {
  const { from, task, progress } = options;
  const { answer, watchdog } = live;
  const length = Number(answer.header("content-length") ?? NaN);
  const total = Number.isFinite(length) ? from + length : undefined;
  requireSize(total ?? 0, task);
  await part.requireSpace(length || 0);
  await part.note({
    etag: answer.header("etag"),
    lastModified: answer.header("last-modified"),
    sha256: undefined,
  });
  await using file = await open(part.path, from > 0 ? "a" : "w", 0o600);
  const what = basename(new URL(task.subject.shown).pathname);
  let done = from;
  try {
    for await (const chunk of answer.body) {
      watchdog.feed(task.limits.stallTimeout);
      requireSize(done += chunk.length, task);
      await part.append(file, chunk);
      progress?.({ what, done, total });
    }
    if (done < (total ?? 0)) throw new Error(`${done} of ${total} bytes came`);
  } catch (error) {
    throw brokenOff(error, task, watchdog);
  }
}

function requireSize(bytes: number, { subject, limits }: DownloadTask): void {
  if (bytes <= limits.maxBytes) return;
  throw new DownloadError(
    subject,
    { kind: "refused" },
    `it is larger than ${limits.maxBytes} bytes`,
  );
}
