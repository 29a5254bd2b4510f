import type { GraphValue } from "../engine/mod.ts";
import { MmsError } from "../errors.ts";
import { logger } from "../log.ts";

/** An input or output as a signature has it. */
interface Signed {
  readonly name: string;
}

/**
 * Returns the graph's value for each name of the signature: those that the
 * graph knows by name, the others in order from what is left.
 *
 * @throws {MmsError} `invalid_model` if a name is unknown, and there are not as
 * many of them as the graph has
 */
export function matchNames(
  side: "inputs" | "outputs",
  signed: readonly Signed[],
  values: readonly GraphValue[],
): readonly GraphValue[] {
  const byName = valuesByName(values);
  const unknown = signed.filter(({ name }) => !byName.has(name));
  if (unknown.length > 0) {
    if (signed.length !== values.length) {
      throw unknownName(side, unknown[0]!.name, values);
    }
    // The only output can be no other.
    if (side === "inputs" || values.length > 1) {
      logger("service").warn(
        `The graph has no ${side} ${names(unknown)}: bound by order to ${
          names(values)
        }`,
      );
    }
  }
  const named = new Set(signed.map(({ name }) => byName.get(name)));
  const left = values.filter((value) => !named.has(value)).values();
  return signed.map(({ name }) => byName.get(name) ?? left.next().value!);
}

/** Whether each name of a signature is one of the graph's. */
export function knowsNames(
  signed: readonly Signed[],
  values: readonly GraphValue[],
): boolean {
  const byName = valuesByName(values);
  return signed.every(({ name }) => byName.has(name));
}

/** Names as messages list them. */
export function names(values: readonly Signed[]): string {
  return values.map(({ name }) => `"${name}"`).join(", ");
}

/** Signatures of MXNet's models name the layer that `softmax_output` is of. */
function valuesByName(
  values: readonly GraphValue[],
): ReadonlyMap<string, GraphValue> {
  const layers = values.map((value) =>
    [value.name.replace(/_output$/, ""), value] as const
  );
  return new Map([
    ...layers,
    ...values.map((value) => [value.name, value] as const),
  ]);
}

function unknownName(
  side: "inputs" | "outputs",
  name: string,
  values: readonly GraphValue[],
): MmsError {
  return new MmsError(
    "invalid_model",
    `Cannot bind ${side} of the signature: the graph has no "${name}", it has ${
      names(values)
    }`,
  );
}
