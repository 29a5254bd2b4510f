import { messageOf, MmsError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { RegisteredModel } from "./registered_model.ts";

/** Who waits for a model that is to replace another. */
export interface LoadBesideOptions {
  /** Gives it up. */
  readonly signal: AbortSignal;
  /** Whether the other one is still there. */
  readonly isWanted: () => boolean;
}

/**
 * Starts as many workers as another model has, and waits until they have
 * loaded theirs, which nobody knows of yet.
 *
 * @throws {MmsError} `load_failed` if none can, or it is not wanted any more:
 * no worker is left then
 */
export async function loadBeside(
  model: RegisteredModel,
  other: RegisteredModel,
  { signal, isWanted }: LoadBesideOptions,
): Promise<void> {
  // Being killed is what is meant here: there is nothing to tell of it.
  const giveUp = () => model.unload(0).catch(() => {});
  signal.addEventListener("abort", giveUp);
  const outcome = await model.scale(other.range).done;
  signal.removeEventListener("abort", giveUp);
  if (outcome.status !== "failed" && isWanted()) {
    // It may have been scaled meanwhile.
    model.scale(other.range);
    return;
  }
  await giveUp();
  const why = isWanted() && outcome.status === "failed"
    ? outcome.reason
    : "it was unregistered meanwhile";
  throw new MmsError(
    "load_failed",
    `Cannot replace model "${model.name}": ${why}`,
  );
}

/** Ends a model once it has answered what it has, after `timeout` ms at the latest. */
export async function retire(
  model: RegisteredModel,
  timeout: number,
): Promise<void> {
  try {
    await model.unload(timeout);
  } catch (error) {
    logger("workload").warn("{why}", { why: messageOf(error) });
  }
}
