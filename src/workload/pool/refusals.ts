import { MmsError } from "../../errors.ts";

/** Returns MMS's answer for a full queue and for a model without workers. */
export function noWorkerAvailable(model: string): MmsError {
  return new MmsError(
    "service_unavailable",
    `No worker is available to serve request for model: ${model}. Consider increasing job queue size.`,
  );
}

/** Returns the answer for a model that none of its workers can load. */
export function cannotServe(model: string, why: string): MmsError {
  return new MmsError(
    "service_unavailable",
    `No worker is available to serve request for model: ${model}. ${why}`,
  );
}
