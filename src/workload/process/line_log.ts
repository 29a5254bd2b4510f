/** A line that is longer is cut into several, in UTF-16 code units. */
const MAX_LINE = 1 << 14;

/** What could forge a line or steer a terminal: control characters but tabs. */
const CONTROL = /[^\P{Cc}\t]/gu;

/**
 * Hands the lines of a stream over one by one, without their ends; bytes that
 * are not UTF-8 and control characters become U+FFFD. `signal` ends it early.
 */
export async function eachLine(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  take: (line: string) => void,
): Promise<void> {
  const reader = stream.getReader();
  signal.addEventListener("abort", () => reader.cancel(), { once: true });
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value: bytes, done } = await reader.read();
    if (done) break;
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop()!;
    for (const line of lines) takeLine(line, take);
    while (rest.length > MAX_LINE) {
      takeLine(rest.slice(0, MAX_LINE), take);
      rest = rest.slice(MAX_LINE);
    }
  }
  if (rest !== "") takeLine(rest, take);
}

function takeLine(line: string, take: (line: string) => void): void {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  for (let start = 0; start === 0 || start < text.length; start += MAX_LINE) {
    take(text.slice(start, start + MAX_LINE).replace(CONTROL, "\ufffd"));
  }
}
