import { MmsError } from "../../errors.ts";
import {
  isPresent,
  type JsonField,
  member,
  optional,
  record,
  text,
} from "./json_field.ts";

/** What runs a model's service: Python, or the runtime of mms itself. */
export type Runtime = "python" | "python2" | "python3" | "deno";

const RUNTIMES: readonly string[] = ["python", "python2", "python3", "deno"];

/** What an archive says of itself, checked, defaults filled. */
export interface Manifest {
  /** `1.0`, or `0.1` for the legacy layout with a top-level `MANIFEST.json`. */
  readonly specificationVersion: string;
  /** `python` unless the archive says otherwise. */
  readonly runtime: Runtime;
  /** Also what the original's services prefix the graph's files with. */
  readonly modelName: string | undefined;
  /** Free text; `snapshot` for legacy archives. */
  readonly modelVersion: string | undefined;
  /** For people to read. */
  readonly description: string | undefined;
  /**
   * `module[:function]`; `mms:image`, `mms:json` and their like are built in.
   */
  readonly handler: string | undefined;
  /** Framework and version, for people to read. */
  readonly engine:
    | { readonly name: string; readonly version: string | undefined }
    | undefined;
  /** Legacy archives name their files; `undefined` where they do not. */
  readonly files: {
    /** `*-symbol.json`, or the `.onnx` file. */
    readonly symbol: string | undefined;
    /** `*-NNNN.params`, or the `.onnx` file. */
    readonly parameters: string | undefined;
    readonly signature: string | undefined;
  };
  /** The parsed JSON as it stands in the archive, for custom services. */
  readonly raw: unknown;
}

/** What holds for an archive without any manifest. */
export const DEFAULT_MANIFEST: Manifest = {
  specificationVersion: "1.0",
  runtime: "python",
  modelName: undefined,
  modelVersion: undefined,
  description: undefined,
  handler: undefined,
  engine: undefined,
  files: { symbol: undefined, parameters: undefined, signature: undefined },
  raw: undefined,
};

/**
 * Checks the content of `MAR-INF/MANIFEST.json` (format 1.0) and fills its
 * defaults. Unknown keys are left alone.
 *
 * @throws {MmsError} `invalid_archive` if a field has the wrong kind, the
 * runtime is unknown, or an engine has no name
 */
export function parseManifest(root: JsonField): Manifest {
  const manifest = record(root);
  const model = optional(member(manifest, "model"), record);
  const ofModel = (key: string) => model && optional(member(model, key), text);
  return {
    ...DEFAULT_MANIFEST,
    specificationVersion:
      optional(member(manifest, "specificationVersion"), text) ?? "1.0",
    runtime: readRuntime(member(manifest, "runtime")),
    modelName: ofModel("modelName"),
    modelVersion: ofModel("modelVersion"),
    description: optional(member(manifest, "description"), text) ??
      ofModel("description"),
    handler: ofModel("handler"),
    engine: optional(member(manifest, "engine"), readEngine),
    raw: root.value,
  };
}

function readRuntime(field: JsonField): Runtime {
  if (!isPresent(field)) return "python";
  if (RUNTIMES.includes(String(field.value))) return field.value as Runtime;
  throw new MmsError(
    "invalid_archive",
    "Runtime is not defined or invalid.",
  );
}

function readEngine(field: JsonField): Manifest["engine"] {
  const engine = record(field);
  const name = optional(member(engine, "engineName"), text);
  if (name === undefined) {
    throw new MmsError(
      "invalid_archive",
      "engineName is required in <engine>.",
    );
  }
  return { name, version: optional(member(engine, "engineVersion"), text) };
}
