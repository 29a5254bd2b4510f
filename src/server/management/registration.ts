import { MmsError } from "../../errors.ts";
import type { RegisterOptions } from "../../workload/mod.ts";
import { REGISTER } from "./management_parameters.ts";
import {
  integerParameter,
  type Parameters,
  runtimeParameter,
  serviceParameter,
} from "./parameters.ts";

/** What a registration reads its parameters from. */
export interface Registration {
  readonly parameters: Parameters;
  /** What the unit of `response_timeout` is, in ms: minutes in a query, seconds in JSON. */
  readonly timeoutUnit: number;
}

/**
 * Returns what a registration asks for, its workers excepted.
 *
 * @throws {MmsError} `bad_request` if a parameter is missing or wrong
 */
export function registerOptions(
  { parameters, timeoutUnit }: Registration,
): RegisterOptions {
  const url = parameters.get(REGISTER.url.name) ??
    parameters.get(REGISTER.modelUrl.name);
  if (url === undefined || url === "") {
    throw new MmsError("bad_request", "Parameter url is required.");
  }
  const runtime = runtimeParameter(parameters);
  const service = serviceParameter(parameters);
  const name = parameters.get(REGISTER.modelName.name);
  const handler = parameters.get(REGISTER.handler.name);
  const timeout = integerParameter(parameters, REGISTER.responseTimeout);
  return {
    url,
    batchSize: Math.max(1, integerParameter(parameters, REGISTER.batchSize)),
    maxBatchDelay: Math.max(
      0,
      integerParameter(parameters, REGISTER.maxBatchDelay),
    ),
    ...(name ? { name } : {}),
    ...(handler === undefined ? {} : { handler }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(service === undefined ? {} : { service }),
    ...(timeout < 0 ? {} : { responseTimeout: timeout * timeoutUnit }),
  };
}
