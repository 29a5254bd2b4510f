import assert from "node:assert/strict";
import { root } from "../../support/paths.ts";
import { HUGE } from "./support/huge.ts";
import { SAMPLES } from "./support/samples.ts";

/** What `decode_probe.ts` prints. */
interface Report {
  readonly error?: string;
  readonly packages: readonly string[];
  readonly peakBytes: number;
}

async function probe(file: Uint8Array): Promise<Report> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-read", "--allow-env"],
      `${root}/tests/service/image/support/decode_probe.ts`,
    ],
    ...{ stdin: "piped", stdout: "piped", stderr: "inherit" },
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(file);
  await writer.close();
  const { stdout } = await process.output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

const NEEDED: Readonly<Record<string, string>> = {
  "colour JPEG": "@jsquash/jpeg",
  "RGB PNG": "imagescript",
  "lossy WebP": "@jsquash/webp",
  "BMP": "@cf-wasm/photon",
};

for (const [kind, name] of Object.entries(NEEDED)) {
  Deno.test(`decodeImage() loads nothing but ${name} for a ${kind}`, async () => {
    const { error, packages } = await probe(SAMPLES[kind]!.file);
    assert.equal(error, undefined);
    assert.deepEqual(packages, [name]);
  });
}

for (const [format, file] of Object.entries(HUGE)) {
  Deno.test(`decodeImage() refuses a huge ${format} with little memory`, async () => {
    const { error, packages, peakBytes } = await probe(file);
    assert.match(error!, /^Corrupted image input: the \w+ (has|ends early)/);
    assert.deepEqual(packages, []);
    assert.ok(peakBytes < 20e6, `takes ${peakBytes} bytes`);
  });
}
