/**
 * A process of its own that decodes one picture from standard input and prints
 * what it took: `{ error, packages, peakBytes }`.
 *
 * @module
 */

import { createRequire } from "node:module";
import { messageOf } from "../../../../src/errors.ts";

const PACKAGE = /node_modules\/(@[^/]+\/[^/]+|[^/@.][^/]*)\//g;

if (import.meta.main) {
  const bytes = new Uint8Array(
    await new Response(Deno.stdin.readable).arrayBuffer(),
  );
  const read: string[] = [];
  const { readFile } = Deno;
  Deno.readFile = (path, options) => {
    read.push(String(path));
    return readFile(path, options);
  };
  const { decodeImage } = await import(
    "../../../../src/service/image/decode_image.ts"
  );
  const before = Deno.memoryUsage().rss;
  const error = await decodeImage(bytes).then(() => undefined, messageOf);
  const peakBytes = Deno.memoryUsage().rss - before;
  read.push(...Object.keys(createRequire(import.meta.url).cache));
  const packages = new Set(
    read.flatMap((path) => [...path.matchAll(PACKAGE)].at(-1)?.[1] ?? []),
  );
  const report = JSON.stringify({ error, packages: [...packages], peakBytes });
  await Deno.stdout.write(new TextEncoder().encode(report));
}
