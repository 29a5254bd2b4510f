/** What runs a model's service: Python, or the runtime of mms itself. */
export type Runtime = "python" | "python2" | "python3" | "deno";

/** What an archive says of itself, checked, defaults filled. */
export interface Manifest {
  /** `1.0`, or `0.1` for the legacy layout with a top-level `MANIFEST.json`. */
  readonly specificationVersion: string;
  readonly runtime: Runtime;
  readonly modelName: string | undefined;
  readonly modelVersion: string | undefined;
  readonly description: string | undefined;
  /**
   * `module[:function]`; `mms:image` and `mms:json` are the built-in services.
   */
  readonly handler: string | undefined;
  /** Framework and version, for people to read. */
  readonly engine:
    | { readonly name: string; readonly version: string | undefined }
    | undefined;
  /** Legacy archives name their files; `undefined` where they do not. */
  readonly files: {
    readonly symbol: string | undefined;
    readonly parameters: string | undefined;
    readonly signature: string | undefined;
  };
  /** The parsed JSON as it stands in the archive, for custom services. */
  readonly raw: unknown;
}
