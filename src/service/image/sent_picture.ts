import { MmsError } from "../../errors.ts";
import type { Inputs } from "../service.ts";

/** Where the original looks for a picture that is not sent by its own name. */
const FALLBACK_FIELDS = ["body", "data"] as const;

/**
 * Returns the file for the only picture that a model takes: the field of its
 * name, else `body` or `data`, else whatever field is the only one.
 *
 * @throws {MmsError} `bad_request` if there is none
 */
export function onlyPicture(name: string, inputs: Inputs): Uint8Array {
  const { fields } = inputs;
  const fallback = FALLBACK_FIELDS.find((field) => fields.has(field));
  const [only, ...others] = fields.values();
  const found = fields.get(name) ?? fields.get(fallback ?? "") ??
    (others.length === 0 ? only : undefined);
  return found?.data ?? refuse(name, inputs);
}

/**
 * Returns the file for one of several pictures: the field of its name.
 *
 * @throws {MmsError} `bad_request` if there is none
 */
export function namedPicture(name: string, inputs: Inputs): Uint8Array {
  return inputs.fields.get(name)?.data ?? refuse(name, inputs);
}

function refuse(name: string, { fields }: Inputs): never {
  const sent = Array.from(fields.keys(), (name) => `"${name}"`).join(", ");
  throw new MmsError(
    "bad_request",
    `Cannot find picture "${name}": ${
      sent === "" ? "nothing was sent" : `the fields sent are ${sent}`
    }`,
  );
}
