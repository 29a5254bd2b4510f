import { MmsError } from "../../errors.ts";
import {
  isPresent,
  isRecord,
  type JsonField,
  member,
  optional,
  record,
  text,
} from "./json_field.ts";
import { DEFAULT_MANIFEST, type Manifest } from "./manifest.ts";

/**
 * Checks the content of a top-level `MANIFEST.json` (0.x `.model` archives) and
 * says the same in terms of format 1.0.
 *
 * @throws {MmsError} `invalid_archive` if a field has the wrong kind, or the
 * model or its service is missing
 */
export function parseLegacyManifest(root: JsonField): Manifest {
  const manifest = record(root);
  const model = member(manifest, "Model");
  if (!isPresent(model)) invalid("Missing Model entry in manifest file.");
  const ofModel = (key: string) => optional(member(record(model), key), text);
  const handler = ofModel("Service");
  if (handler === undefined) invalid("Missing Service entry in MANIFEST.json");
  return {
    ...DEFAULT_MANIFEST,
    specificationVersion: "0.1",
    modelName: ofModel("Model-Name"),
    modelVersion: "snapshot",
    description: optional(member(manifest, "Model-Archive-Description"), text),
    handler,
    engine: optional(member(manifest, "Engine"), readEngine),
    files: {
      symbol: ofModel("Symbol"),
      parameters: ofModel("Parameters"),
      signature: ofModel("Signature"),
    },
    raw: root.value,
  };
}

/** `{"MXNet": 0.12}` or `{"ONNX": "17"}`; anything else names no engine. */
function readEngine(field: JsonField): Manifest["engine"] {
  if (!isRecord(field.value)) return undefined;
  const name = Object.keys(field.value).find((it) =>
    it === "MXNet" || it === "ONNX"
  );
  if (name === undefined) return undefined;
  return { name, version: optional(member(field, name), text) };
}

function invalid(message: string): never {
  throw new MmsError("invalid_archive", message);
}
