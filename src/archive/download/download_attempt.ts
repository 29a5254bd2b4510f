import { DownloadError } from "./download_error.ts";
import type { DownloadTask, ProgressListener } from "./download_options.ts";
import {
  type DownloadPart,
  type DownloadRecord,
  type Expected,
  sha256OfFile,
} from "./download_part.ts";
import { receive } from "./download_receive.ts";
import { request } from "./download_request.ts";
import { alsoAllow } from "./download_rules.ts";
import type { Source } from "./download_source.ts";
import type { Answer } from "./download_transport.ts";

/** Longest time that a server can make us wait before the next try, in ms. */
const MAX_RETRY_AFTER = 30_000;

/** A file that has been downloaded. */
export interface Download {
  /** Where it lies; `undefined` if it is still the one that was there before. */
  readonly path: string | undefined;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What one try needs to know. */
export interface AttemptOptions {
  readonly task: DownloadTask;
  readonly progress?: ProgressListener | undefined;
  readonly expected?: Expected | undefined;
  /** Whether the file that the record tells of will do, if unchanged. */
  readonly revalidate?: boolean;
}

/**
 * Tries once to have the whole file.
 *
 * @throws {DownloadError} `download_failed`, with the reason
 */
export async function attempt(
  source: Source,
  part: DownloadPart,
  options: AttemptOptions,
): Promise<Download> {
  const { task, expected } = options;
  const record = await part.record();
  const start = await resumeFrom(part, record, expected);
  if (start > 0 && start === expected?.bytes) {
    return await check(part, start, options);
  }
  const headers = headersFor(record, { start, ...options });
  await using live = await request(await source.request(headers), task);
  const { answer } = live;
  const elsewhere = source.elsewhere(answer);
  if (elsewhere !== undefined) {
    const rules = alsoAllow(task.rules, elsewhere.location);
    return await attempt(elsewhere, part, {
      ...options,
      task: { ...task, rules },
    });
  }
  if (answer.status === 304 && options.revalidate && record.sha256) {
    return { path: undefined, sha256: record.sha256 };
  }
  await requireContent(answer, part, { start, task });
  const from = answer.status === 206 ? start : 0;
  await receive(live, part, { from, ...options });
  return await check(part, from, options);
}

/** Returns how many bytes need not be asked for again. */
async function resumeFrom(
  part: DownloadPart,
  record: DownloadRecord,
  expected: Expected | undefined,
): Promise<number> {
  const known = validatorOf(record) ?? expected?.sha256;
  if (record.sha256 !== undefined || known === undefined) return 0;
  const size = await part.size();
  return size <= (expected?.bytes ?? Infinity) ? size : 0;
}

/** A weak ETag cannot vouch for single bytes, RFC 9110 §13.1.5. */
function validatorOf(
  { etag, lastModified }: DownloadRecord,
): string | undefined {
  return etag !== undefined && !etag.startsWith("W/") ? etag : lastModified;
}

function headersFor(
  record: DownloadRecord,
  options: { readonly start: number; readonly revalidate?: boolean },
): Readonly<Record<string, string>> {
  const { etag, lastModified } = record;
  const headers: Record<string, string> = {
    "accept": "*/*",
    "accept-encoding": "identity",
    "user-agent": "mms",
  };
  if (options.start > 0) {
    headers["range"] = `bytes=${options.start}-`;
    const validator = validatorOf(record);
    if (validator !== undefined) headers["if-range"] = validator;
  } else if (options.revalidate) {
    if (etag !== undefined) headers["if-none-match"] = etag;
    else if (lastModified) headers["if-modified-since"] = lastModified;
  }
  return headers;
}

async function requireContent(
  answer: Answer,
  part: DownloadPart,
  { start, task }: { readonly start: number; readonly task: DownloadTask },
): Promise<void> {
  const { status, statusText } = answer;
  if (status === 200) return;
  const range = answer.header("content-range") ?? "";
  if (status === 206 && range.startsWith(`bytes ${start}-`)) return;
  if (start > 0 && (status === 206 || status === 416)) {
    await part.drop();
    throw new DownloadError(
      task.subject,
      { kind: "broken" },
      "the server cannot go on where it broke off",
    );
  }
  const seconds = Number(answer.header("retry-after") ?? 0);
  const retryAfter = Math.min(seconds * 1000 || 0, MAX_RETRY_AFTER);
  throw new DownloadError(
    task.subject,
    { kind: "status", status, retryAfter },
    `the server answered ${`${status} ${statusText}`.trim()}`,
  );
}

/** Damage in what came earlier, before byte `from`, is mended by another try. */
async function check(
  part: DownloadPart,
  from: number,
  { expected, task }: AttemptOptions,
): Promise<Download> {
  const sha256 = await sha256OfFile(part.path);
  if (expected === undefined || sha256 === expected.sha256) {
    await part.note({ ...await part.record(), sha256 });
    return { path: part.path, sha256 };
  }
  const bytes = await part.size();
  await part.drop();
  const isShort = bytes < expected.bytes;
  throw new DownloadError(
    task.subject,
    { kind: from > 0 || isShort ? "broken" : "content" },
    bytes === expected.bytes
      ? `its SHA-256 is ${sha256}, ${expected.sha256} would be right`
      : `it has ${bytes} bytes, ${expected.bytes} would be right`,
  );
}
