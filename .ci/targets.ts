/**
 * The systems that a binary can be built for.
 *
 * @module
 */

/** One of them. */
export interface Target {
  /** Deno's name for it. */
  readonly triple: string;
  /** `process.platform` there. */
  readonly os: "linux" | "darwin" | "win32";
  /** `process.arch` there. */
  readonly arch: "x64" | "arm64";
}

/** ONNX Runtime has no library for macOS on x64. */
const TARGETS: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "arm64" },
  { triple: "aarch64-apple-darwin", os: "darwin", arch: "arm64" },
  { triple: "x86_64-pc-windows-msvc", os: "win32", arch: "x64" },
];

/** Returns the target of that name. */
export function findTarget(triple: string): Target {
  const target = TARGETS.find((target) => target.triple === triple);
  if (target !== undefined) return target;
  throw new Error(
    `Cannot build for "${triple}": it is not one of ${
      TARGETS.map(({ triple }) => triple).join(", ")
    }`,
  );
}

/**
 * Whether large files are attached between the runtime and the payload, for
 * `src/attachment.ts` to find. Only an ELF executable leaves what
 * follows its segments alone: Mach-O signatures cover the file to its end, and
 * the tool that writes the payload of a Windows executable drops what is not
 * described by its headers. There the binary extracts itself, as Deno documents
 * for libraries that lie beside an addon; this was tried on Linux x64 only, on
 * the other systems the release workflow is the first to try.
 */
export function attachesFiles(target: Target): boolean {
  return target.os === "linux";
}

/** The name of the program's file there. */
export function binaryName(target: Target): string {
  return target.os === "win32" ? "mms.exe" : "mms";
}
