import type { Stage } from "../../service/mod.ts";
import { renderTable } from "../terminal/table.ts";

/** How long the stages of a command took. */
export class StageTimes {
  readonly #times = new Map<string, { total: number; count: number }>();

  /** Takes note of one more time, in ms. */
  add(stage: Stage | "load", ms: number): void {
    const { total, count } = this.#times.get(stage) ?? { total: 0, count: 0 };
    this.#times.set(stage, { total: total + ms, count: count + 1 });
  }

  /** Returns a table of all stages: the time of each, and how often it ran. */
  render(columns: number): string {
    const rows = Array.from(this.#times, ([stage, { total, count }]) => [
      stage,
      `${total.toFixed(1)} ms`,
      count > 1 ? `${count} × ${(total / count).toFixed(1)} ms` : "",
    ]);
    return renderTable(rows, columns, ["left", "right", "left"]);
  }
}
