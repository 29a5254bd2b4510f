/**
 * Services: what answers requests with the help of a graph.
 *
 * @module
 */

export {
  checkpointInputs,
  convertedSignature,
} from "./checkpoint_signature.ts";
export { graphSignature } from "./graph_signature.ts";
export { SERVICE_TYPES } from "./custom/service_types.ts";
export { loadService, type LoadServiceOptions } from "./load_service.ts";
export {
  stripModules,
  type StrippedModules,
} from "./custom/stripped_modules.ts";
export { requirePictureSizes } from "./picture_sizes.ts";
export {
  EarlyAnswer,
  type Field,
  type Handler,
  type Inputs,
  jsonPrediction,
  jsonTextPrediction,
  type Measure,
  type Prediction,
  type Service,
  type ServiceKind,
  type Stage,
  type StageRecorder,
} from "./service.ts";
export { type GraphFile, openGraphFile } from "./graph_file.ts";
