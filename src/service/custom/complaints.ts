import { MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { EarlyAnswer, type Prediction } from "../service.ts";
import { refusalOf } from "./crossing.ts";
import type { Thrown } from "./messages.ts";
import { ServiceError } from "./sandbox_parts.ts";
import type { SourcePlaces } from "./source_places.ts";

/** MMS's text for a service that threw something of its own. */
const FAILED = "Prediction failed";

/** Decides what becomes of what a service throws, and tells its author. */
export class Complaints {
  readonly #places: SourcePlaces;

  /** Explains errors in terms of these files. */
  constructor(places: SourcePlaces) {
    this.#places = places;
  }

  /** Returns what one caller is told. */
  settle(thrown: Thrown): PromiseSettledResult<Prediction> {
    if (thrown.why !== undefined) this.say(thrown.why);
    const refusal = refusalOf(thrown);
    const isOwnFault = refusal instanceof MmsError &&
      refusal.code !== "bad_request";
    if (isOwnFault) this.tell(thrown);
    if (refusal !== undefined && !(refusal instanceof MmsError)) {
      return { status: "fulfilled", value: refusal };
    }
    return { status: "rejected", reason: refusal ?? this.#failure(thrown) };
  }

  /** Returns what is to be thrown where a step of the service threw. */
  refusal(error: unknown): unknown {
    if (!(error instanceof ServiceError)) return error;
    const settled = this.settle(error.thrown);
    return settled.status === "rejected"
      ? settled.reason
      : new EarlyAnswer(settled.value);
  }

  /** Tells the author of a service what it threw. */
  tell(thrown: Thrown): void {
    const { stack } = this.#places.explain(thrown);
    logger("worker").error("{stack}", { stack });
  }

  /** Tells the author of a service what is not right with it. */
  say(what: string): void {
    const text = `${this.#places.entry}: ${what.replaceAll(/\s*\n\s*/g, " ")}`;
    logger("worker").error("{text}", { text });
  }

  #failure(thrown: Thrown): MmsError {
    this.tell(thrown);
    return new MmsError("prediction_failed", FAILED);
  }
}
