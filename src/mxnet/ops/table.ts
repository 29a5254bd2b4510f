import { activations } from "./layers/activations.ts";
import { controlFlow } from "./control_flow.ts";
import { convolutions } from "./layers/convolution.ts";
import { elementwise, scalars } from "./elementwise/elementwise.ts";
import { numpy } from "./numpy/numpy.ts";
import { numpyArithmetic } from "./numpy/numpy_arithmetic.ts";
import { numpyCreation } from "./numpy/numpy_creation.ts";
import { NUMPY_NAMES } from "./numpy/numpy_names.ts";
import { imageChanges } from "./images/image_changes.ts";
import { composedDraws } from "./random/composed_draws.ts";
import { densities } from "./random/densities.ts";
import { numpyEdits } from "./numpy/numpy_edits.ts";
import { images } from "./images/images.ts";
import { numpyProducts } from "./numpy/numpy_products.ts";
import { numpyReductions } from "./numpy/numpy_reductions.ts";
import { numpyShapes } from "./numpy/numpy_shapes.ts";
import { layers } from "./layers/layers.ts";
import { normalizations } from "./layers/normalizations.ts";
import { outputs } from "./layers/outputs.ts";
import { poolings } from "./layers/pooling.ts";
import { unaries } from "./elementwise/unary.ts";
import { creations } from "./creation.ts";
import { indexing } from "./shapes/indexing.ts";
import { linearAlgebra } from "./algebra/linear_algebra.ts";
import { linearSystems } from "./algebra/linear_systems.ts";
import { matrices } from "./algebra/matrices.ts";
import { orderings } from "./ordering.ts";
import { randomDraws } from "./random/random_draws.ts";
import { reductions } from "./reductions.ts";
import { shapes } from "./shapes/shapes.ts";
import { sketches } from "./layers/sketches.ts";
import { slices } from "./shapes/slices.ts";
import { attention } from "./layers/attention.ts";
import { recurrent } from "./recurrent/rnn.ts";
import { regionPoolings } from "./detection/region_pooling.ts";
import { regions } from "./detection/regions.ts";
import { repetitions } from "./shapes/repetition.ts";
import { resizings } from "./images/resizing.ts";
import { selections } from "./shapes/selections.ts";
import { sequences } from "./layers/sequences.ts";
import { boxes } from "./detection/boxes.ts";
import { assignments } from "./shapes/assignments.ts";
import { boxTargets } from "./detection/box_targets.ts";
import { columns } from "./layers/columns.ts";
import { correlations } from "./layers/correlation.ts";
import { deformables } from "./layers/deformable.ts";
import { multibox } from "./detection/multibox.ts";
import type { Operator, OperatorFamily } from "./operator.ts";

/** Every operator that can be converted, by family. */
export const OPERATOR_FAMILIES: readonly OperatorFamily[] = [
  convolutions,
  layers,
  activations,
  poolings,
  normalizations,
  outputs,
  elementwise,
  scalars,
  unaries,
  creations,
  indexing,
  matrices,
  linearAlgebra,
  linearSystems,
  orderings,
  reductions,
  shapes,
  repetitions,
  slices,
  attention,
  recurrent,
  regions,
  resizings,
  images,
  sequences,
  boxes,
  multibox,
  correlations,
  columns,
  deformables,
  regionPoolings,
  boxTargets,
  imageChanges,
  assignments,
  sketches,
  randomDraws,
  controlFlow,
  selections,
  numpy,
  numpyArithmetic,
  numpyReductions,
  numpyProducts,
  numpyShapes,
  numpyCreation,
  numpyEdits,
  composedDraws,
  densities,
];

/** An operator as the table has it. */
export interface TableEntry extends Operator {
  /** The operator's own name. */
  readonly name: string;
}

const BY_NAME: ReadonlyMap<string, TableEntry> = new Map(
  OPERATOR_FAMILIES.flatMap(({ operators }) => Object.entries(operators))
    .flatMap(([name, operator]) => {
      const entry = typeof operator === "function"
        ? { name, convert: operator }
        : { name, ...operator };
      return [name, ...(entry.aliases ?? [])].map((alias) =>
        [alias, entry] as const
      );
    }),
);

/** Returns the operator of that name or alias, if there is one. */
export function findOperator(name: string): TableEntry | undefined {
  const classic = Object.hasOwn(NUMPY_NAMES, name)
    ? NUMPY_NAMES[name]!
    : name.replace(/^_sparse_/, "");
  return BY_NAME.get(classic);
}

/** One row of the table of operators, for documentation. */
export interface OperatorRow {
  /** The heading that the operator stands under. */
  readonly family: string;
  /** The operator's own name. */
  readonly name: string;
  /** Other names that are understood. */
  readonly aliases: readonly string[];
}

/** Returns every operator that can be converted, in the table's order. */
export function operatorRows(): readonly OperatorRow[] {
  return OPERATOR_FAMILIES.flatMap(({ title, operators }) =>
    Object.keys(operators).map((name) => ({
      family: title,
      name,
      aliases: [
        ...(BY_NAME.get(name)?.aliases ?? []),
        ...Object.keys(NUMPY_NAMES).filter((alias) =>
          NUMPY_NAMES[alias] === name
        ),
      ],
    }))
  );
}

/** Returns the heading under which an operator of that name stands, if any. */
export function familyOf(name: string): string | undefined {
  const entry = findOperator(name);
  return OPERATOR_FAMILIES.find(({ operators }) =>
    entry !== undefined && Object.hasOwn(operators, entry.name)
  )?.title;
}
