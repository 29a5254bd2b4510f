import type { ModelMetrics } from "../../metrics.ts";
import type { OpenedArchive, RegisterOptions } from "../options.ts";
import type { RegisteredModel } from "./registered_model.ts";

/** A registered model, and what it holds on to. */
export interface RegistryEntry {
  readonly model: RegisteredModel;
  /** Its files. */
  readonly opened: OpenedArchive;
  /** What the files were like when they were opened. */
  readonly state: string;
  /** As it was registered. */
  readonly options: RegisterOptions;
  readonly metrics: ModelMetrics | undefined;
}
