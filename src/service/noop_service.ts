import type { Inputs, Prediction, Service } from "./service.ts";

const OK: Prediction = {
  status: 200,
  reason: "",
  headers: {},
  contentType: "text/plain",
  body: new TextEncoder().encode("OK"),
};

/** Returns the service that answers `OK` to everything, to measure the rest. */
export function noopService(): Service {
  return {
    warmUp: () => Promise.resolve(),
    predict: (batch: readonly Inputs[]) =>
      Promise.resolve(
        batch.map(() => ({ status: "fulfilled", value: OK })),
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
