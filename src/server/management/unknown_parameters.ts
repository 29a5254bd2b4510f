import { logger } from "../../log.ts";
import { nearestName } from "../../nearest_name.ts";
import type { ParameterTable } from "./management_parameters.ts";
import type { Parameters } from "./parameters.ts";

/** A request with more is not worth more lines. */
const MAX_WARNINGS = 5;

/** UTF-16 code units of a name that a line repeats. */
const MAX_SHOWN = 60;

/**
 * Tells the log of parameters that an operation does not have: like the
 * original, it does without them.
 */
export function warnOfUnknown(
  parameters: Parameters,
  table: ParameterTable,
): void {
  const known = Object.values(table).map(({ name }) => name);
  const unknown = [...parameters.keys()].filter((it) => !known.includes(it));
  for (const name of unknown.slice(0, MAX_WARNINGS)) {
    const nearest = nearestName(name, known);
    logger("server").warn("There is no parameter {name}{hint}", {
      name: name.slice(0, MAX_SHOWN),
      hint: nearest === undefined ? "" : `, did you mean ${nearest}`,
    });
  }
}
