import type { PackFile } from "./pack_file.ts";
import type { Packer } from "./packer.ts";
import { createTarPacker, type TarPackController } from "../tar.ts";

/** What every file looks like, whoever packs it and when. */
const SAME_FOR_ALL = {
  type: "file",
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: new Date(0),
} as const;

/**
 * Writes files as a gzipped tar file whose bytes depend on nothing but their
 * names and contents.
 */
export async function packTarGz(
  files: readonly PackFile[],
  packer: Packer,
  output: WritableStream<Uint8Array>,
): Promise<void> {
  const { readable, controller } = createTarPacker();
  const filled = addFiles(files, packer, controller)
    .catch((error: unknown) => controller.error(error));
  await readable.pipeThrough(new CompressionStream("gzip")).pipeTo(output);
  await filled;
}

async function addFiles(
  files: readonly PackFile[],
  packer: Packer,
  tar: TarPackController,
): Promise<void> {
  for (const file of files) {
    const content = await packer.open(file);
    const { name, bytes: size } = file;
    await content.pipeTo(tar.add({ name, size, ...SAME_FOR_ALL }));
  }
  tar.finalize();
}
