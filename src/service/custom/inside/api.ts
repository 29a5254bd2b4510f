import { Answer } from "./answer.ts";
import { GraphService, ImageService, JsonService } from "./built_in.ts";
import { softmax, topClasses, topIndices } from "./classes.ts";
import { PredictionError } from "./prediction_error.ts";

/** What services import from `mms`; `mms.d.ts` says what it is. */
export const API = {
  Answer,
  GraphService,
  ImageService,
  JsonService,
  PredictionError,
  softmax,
  topClasses,
  topIndices,
} as const;
