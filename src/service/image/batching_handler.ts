import { MmsError } from "../../errors.ts";
import type { Handler } from "../service.ts";

/** The original's text. */
const REFUSAL =
  "This request was not processed successfully. Refer to mms.log for additional information";

/**
 * The original's batching vision service: it words what is wrong with a request
 * in its own way, and otherwise does what `handler` does.
 */
export function batchingHandler(handler: Handler): Handler {
  return {
    async preprocess(inputs) {
      try {
        return await handler.preprocess(inputs);
      } catch (error) {
        if (!(error instanceof MmsError)) throw error;
        const { code, message } = error;
        throw new MmsError(code, `${REFUSAL}: ${message}`, { cause: error });
      }
    },
    postprocess: (outputs, inputs) => handler.postprocess(outputs, inputs),
  };
}
