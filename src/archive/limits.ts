const MIB = 1024 ** 2;

/** How much an archive may hold before it is refused. */
export interface ArchiveLimits {
  /** Files and folders, 1 or more. */
  readonly entries: number;
  /** Bytes of all files together, unpacked. */
  readonly totalBytes: number;
  /** Bytes of one file, unpacked. */
  readonly entryBytes: number;
  /** Unpacked bytes for each packed byte, beyond {@linkcode ratioFreeBytes}. */
  readonly ratio: number;
  /** Unpacked bytes to which {@linkcode ratio} does not apply. */
  readonly ratioFreeBytes: number;
  /** Bytes of a manifest or a signature. */
  readonly metadataBytes: number;
  /** Brackets within brackets in a manifest or a signature. */
  readonly jsonDepth: number;
}

/** The limits that hold unless the settings say otherwise. */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 10_000,
  totalBytes: 8 * 1024 * MIB,
  entryBytes: 8 * 1024 * MIB,
  ratio: 200,
  ratioFreeBytes: 100 * MIB,
  metadataBytes: MIB,
  jsonDepth: 100,
};
