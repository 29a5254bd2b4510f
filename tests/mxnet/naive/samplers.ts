/**
 * All naive evaluators.
 *
 * @module
 */

import { drawSamplers } from "./draws.ts";
import { editSamplers } from "./edits.ts";
import { controlFlowSamplers } from "./control_flow.ts";
import { pairwiseSamplers } from "./elementwise.ts";
import type { Samplers } from "./sample.ts";
import {
  attentionSamplers,
  creationSamplers,
  matrixSamplers,
  outputSamplers,
  sequenceSamplers,
} from "./heads.ts";
import { layerSamplers } from "./layers.ts";
import { imageSamplers, linearAlgebraSamplers } from "./matrices.ts";
import { numpySamplers } from "./numpy.ts";
import { numpyReductionSamplers } from "./numpy_reductions.ts";
import { recurrentSamplers } from "./recurrent.ts";
import {
  indexingSamplers,
  orderingSamplers,
  reductionSamplers,
} from "./reductions.ts";
import { numpyArithmeticSamplers } from "./numpy_arithmetic.ts";
import { numpyProductSamplers } from "./numpy_products.ts";
import { numpyShapeSamplers } from "./numpy_shapes.ts";
import { numpyCreationSamplers } from "./numpy_creation.ts";
import { placeSamplers } from "./places.ts";
import { twoStageSamplers } from "./regions.ts";
import { selectionSamplers } from "./selections.ts";
import { shapeSamplers, sliceSamplers } from "./shapes.ts";
import { systemSamplers } from "./systems.ts";
import { unarySamplers } from "./unary.ts";
import {
  boxSamplers,
  detectionSamplers,
  regionSamplers,
  resizingSamplers,
} from "./vision.ts";
import { windowSamplers } from "./windows.ts";

/** What each operator has to do, by its name. */
export const SAMPLERS: Samplers = {
  ...controlFlowSamplers,
  ...pairwiseSamplers,
  ...unarySamplers,
  ...selectionSamplers,
  ...shapeSamplers,
  ...sliceSamplers,
  ...reductionSamplers,
  ...orderingSamplers,
  ...indexingSamplers,
  ...layerSamplers,
  ...outputSamplers,
  ...matrixSamplers,
  ...creationSamplers,
  ...sequenceSamplers,
  ...attentionSamplers,
  ...recurrentSamplers,
  ...resizingSamplers,
  ...regionSamplers,
  ...boxSamplers,
  ...detectionSamplers,
  ...numpySamplers,
  ...numpyReductionSamplers,
  ...windowSamplers,
  ...twoStageSamplers,
  ...systemSamplers,
  ...placeSamplers,
  ...numpyArithmeticSamplers,
  ...numpyProductSamplers,
  ...numpyShapeSamplers,
  ...numpyCreationSamplers,
  ...linearAlgebraSamplers,
  ...imageSamplers,
  ...drawSamplers,
  ...editSamplers,
};
