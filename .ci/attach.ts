/**
 * Makes the runtime that a binary is compiled with: denort, followed by files
 * that only the program itself reads. `deno compile` writes the payload behind
 * both, and denort looks for the payload from the end.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Attachment } from "../src/attachment.ts";

/** Writes denort and the files to `output`, and returns where each file lies. */
export async function attach(
  files: readonly string[],
  denort: string,
  output: string,
): Promise<Attachment[]> {
  await Deno.copyFile(denort, output);
  using runtime = await Deno.open(output, { append: true });
  const attachments: Attachment[] = [];
  for (const file of files) {
    const content = await Deno.readFile(file);
    const { size: offset } = await runtime.stat();
    await writeAll(runtime, content);
    attachments.push({
      name: file.slice(file.lastIndexOf("/") + 1),
      offset,
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
    });
  }
  return attachments;
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
