import type { Operator, OperatorFamily } from "../operator.ts";
import { COMPOSED, NUMPY_DISTRIBUTIONS } from "./composed_sources.ts";
import { forEach, likeInput, ofShape, ofSize } from "./random_draws.ts";

/** Random numbers of distributions that are made of others. */
export const composedDraws: OperatorFamily = {
  title: "Random numbers of composed distributions",
  operators: Object.fromEntries([
    ...Object.entries(COMPOSED).flatMap(
      ([name, distribution]): readonly (readonly [string, Operator])[] => [
        [`_random_${name}`, {
          convert: ofShape(distribution),
          aliases: [`random_${name}`],
        }],
        [`_random_${name}_like`, { convert: likeInput(distribution) }],
        [`_sample_${name}`, {
          convert: forEach(distribution),
          aliases: [`sample_${name}`],
        }],
      ],
    ),
    ...Object.entries(NUMPY_DISTRIBUTIONS).map(
      ([name, distribution]): readonly [string, Operator] => [
        `_npi_${name}`,
        { convert: ofSize(distribution) },
      ],
    ),
  ]),
};
