import type { Metric } from "./metric_line.ts";
import type { SystemSample } from "./system_sampler.ts";

/** A metric of the machine, without its time. */
type SystemMetric = Pick<Metric, "name" | "unit" | "value">;

const MEGABYTE = 2 ** 20;
const GIGABYTE = 2 ** 30;

/** Returns what MMS writes at each `metric_time_interval` (mms-behaviour §6.7). */
export function systemMetrics(
  sample: SystemSample,
): readonly Omit<Metric, "timestamp">[] {
  const { cpuPercent, memoryUsed, memoryAvailable, disk } = sample;
  const memory = memoryUsed + memoryAvailable;
  return [
    percent("CPUUtilization", cpuPercent),
    size("MemoryUsed", memoryUsed, "Megabytes"),
    size("MemoryAvailable", memoryAvailable, "Megabytes"),
    percent("MemoryUtilization", memoryUsed / memory * 100),
    ...(disk === undefined ? [] : diskMetrics(disk)),
  ].map((metric) => ({ ...metric, dimensions: [["Level", "Host"]] }));
}

/** MMS writes `DiskUsage`, and documents it as `DiskUsed`. */
function diskMetrics(
  { used, available }: NonNullable<SystemSample["disk"]>,
): readonly SystemMetric[] {
  return [
    size("DiskUsage", used, "Gigabytes"),
    size("DiskUsed", used, "Gigabytes"),
    percent("DiskUtilization", used / (used + available) * 100),
    size("DiskAvailable", available, "Gigabytes"),
  ];
}

function percent(name: string, value: number): SystemMetric {
  return { name, unit: "Percent", value: Math.round(value * 10) / 10 };
}

function size(
  name: string,
  bytes: number,
  unit: "Megabytes" | "Gigabytes",
): SystemMetric {
  const value = bytes / (unit === "Megabytes" ? MEGABYTE : GIGABYTE);
  return { name, unit, value: Math.round(value * 1000) / 1000 };
}
