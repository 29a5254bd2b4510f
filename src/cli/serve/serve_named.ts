import type { ResolvedSettings } from "../../config/mod.ts";
import { MmsError } from "../../errors.ts";
import type { Workload } from "./serve_workload.ts";

/**
 * Waits until one of the models that the command line names is loaded; one that
 * names none, or the whole store, has nothing to wait for.
 *
 * @throws {MmsError} `load_failed` with the reasons if none can be loaded
 */
export async function requireOne(
  { registry, leftOut }: Workload,
  { settings, origins }: ResolvedSettings,
): Promise<void> {
  const { loadModels } = settings;
  const isNamed = origins.loadModels.startsWith("--") && loadModels !== "ALL" &&
    loadModels.length > 0;
  if (!isNamed) return;
  const reasons = new Set(leftOut);
  const loaded = registry.list().map(async (model) => {
    const outcome = await model.scale(model.range).done;
    if (outcome.status !== "failed") return;
    reasons.add(outcome.reason);
    throw new MmsError("load_failed", outcome.reason);
  });
  try {
    await Promise.any(loaded);
  } catch (cause) {
    throw new MmsError("load_failed", [...reasons].join("\n"), { cause });
  }
}
