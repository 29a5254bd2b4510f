/**
 * Services: what answers requests with the help of a graph.
 *
 * @module
 */

export {
  type Field,
  type Handler,
  type Inputs,
  jsonPrediction,
  type Prediction,
  type Service,
  type Stage,
  type StageRecorder,
} from "./service.ts";
