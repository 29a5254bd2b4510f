import { impliedInputType, type SignatureInput } from "../../archive/mod.ts";
import type { ListenAddress } from "../../server/mod.ts";
import type { Model } from "../../workload/mod.ts";
import { curlCommand, type ShellText } from "./curl_command.ts";

/** One grey pixel as PNG: a picture for those who have none. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg==";

/** How many numbers an example may have that still fits on a line or two. */
const MAX_SAMPLE_NUMBERS = 64;

/** What a command is to be an example of. */
export interface Sample {
  /** The model it asks. */
  readonly model: Model;
  /** A picture to send, if there is one at hand. */
  readonly picture: string | undefined;
  /** What every request needs besides. */
  readonly options: readonly (string | ShellText)[];
}

/** Returns a curl command that gets a prediction, and works as it is. */
export function sampleCommand(
  address: ListenAddress,
  { model, picture, options }: Sample,
): string {
  const curl = (...words: readonly string[]) =>
    curlCommand(address, path, [...options, ...words]);
  const path = `/predictions/${encodeURIComponent(model.name)}`;
  if (model.describe().service === "mms:lstm") {
    return curl("--json", JSON.stringify([{ input_sentence: "the" }]));
  }
  const { inputs = [], inputType } = model.archive.signature ?? {};
  if ((inputType ?? impliedInputType(inputs)) === "image/jpeg") {
    return picture === undefined
      ? `echo ${PIXEL} | base64 -d | ${curl("-s", "-T", "-")}`
      : curl("-T", picture);
  }
  if (inputs.length === 0) return curl("-X", "POST");
  const body = sampleBody(inputs) ?? `@${bodyFile(model.name)}`;
  return curl("-H", "Content-Type: application/json", "-d", body);
}

/** Too many numbers for a line are the user's to write into a file. */
function bodyFile(model: string): string {
  return `${model.replace(/[^\w-]/g, "_")}.json`;
}

/** Zeros for every input, or nothing if that would be too many. */
function sampleBody(inputs: readonly SignatureInput[]): string | undefined {
  const shapes = inputs.map(({ shape }) => shape.map((extent) => extent || 1));
  const numbers = shapes.map((shape) => shape.reduce((a, b) => a * b, 1))
    .reduce((a, b) => a + b, 0);
  if (numbers === 0 || numbers > MAX_SAMPLE_NUMBERS) return undefined;
  const body = inputs.map(({ name, dataType }, index) =>
    [name, filled(shapes[index]!, dataType === "string" ? "" : 0)] as const
  );
  return JSON.stringify(Object.fromEntries(body));
}

function filled(shape: readonly number[], value: unknown): unknown {
  return shape.reduceRight<unknown>(
    (inner, extent) => Array(extent).fill(inner),
    value,
  );
}

const PICTURE = /\.(jpe?g|png)$/i;

/** Returns the first picture in a folder, by name. */
export async function findPicture(
  folder: string,
): Promise<string | undefined> {
  const pictures = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && PICTURE.test(name)) pictures.push(name);
  }
  return pictures.sort()[0];
}
