import type { Histogram } from "./histogram.ts";

/** All series of one name, as Prometheus has them. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** One series and its value now. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** The family's name with `_bucket`, `_sum` or `_count`, in histograms. */
  readonly name?: string;
}

/** Names and values of labels. */
export type Labels = Readonly<Record<string, string>>;

/** What is said of a family besides its samples. */
export type FamilyTitle = Pick<Family, "name" | "help">;

/** A histogram and what it is of. */
export interface LabelledHistogram {
  readonly labels: Labels;
  readonly histogram: Histogram;
}

/** Makes a family of counters. */
export function counter(
  title: FamilyTitle,
  samples: readonly Sample[],
): Family {
  return { ...title, type: "counter", samples };
}

/** Makes a family of gauges. */
export function gauge(title: FamilyTitle, samples: readonly Sample[]): Family {
  return { ...title, type: "gauge", samples };
}

/**
 * Makes a family of the histograms that have counted anything.
 *
 * @param title its `divisor` makes the base unit of their values
 */
export function histogram(
  title: FamilyTitle & { readonly divisor: number },
  histograms: readonly LabelledHistogram[],
): Family {
  const { name, help, divisor } = title;
  const counted = histograms.filter(({ histogram }) => histogram.count > 0);
  const samples = counted.flatMap(({ labels, histogram }) => [
    ...buckets(histogram, divisor).map(([le, value]) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le },
      value,
    })),
    { name: `${name}_sum`, labels, value: histogram.sum / divisor },
    { name: `${name}_count`, labels, value: histogram.count },
  ]);
  return { name, help, type: "histogram", samples };
}

/** The buckets of Prometheus contain all smaller ones. */
function buckets(
  { bounds, counts }: Histogram,
  divisor: number,
): (readonly [le: string, count: number])[] {
  let below = 0;
  return [...counts].map((count, i) => {
    below += count;
    const bound = bounds[i];
    return [bound === undefined ? "+Inf" : String(bound / divisor), below];
  });
}
