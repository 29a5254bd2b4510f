import process from "node:process";
import { VERSION } from "../version.ts";
import { counter, type Family, type FamilyTitle, gauge } from "./family.ts";

/** Returns what Prometheus's clients tell of every process, and our version. */
export function processFamilies(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  return [
    gauge({ name: "mms_build_info", help: "The version of mms." }, [
      { labels: { version: VERSION }, value: 1 },
    ]),
    counter({
      name: "process_cpu_seconds_total",
      help: "CPU time of the front process.",
    }, [{ labels: {}, value: (user + system) / 1e6 }]),
    single({
      name: "process_resident_memory_bytes",
      help: "Resident memory of the front process.",
    }, Deno.memoryUsage().rss),
    single({
      name: "process_start_time_seconds",
      help: "When the front process was started, since 1970.",
    }, performance.timeOrigin / 1000),
    single({
      name: "process_open_fds",
      help: "File descriptors that the front process has open.",
    }, openDescriptors()),
  ];
}

function single(title: FamilyTitle, value: number | undefined): Family {
  return gauge(title, value === undefined ? [] : [{ labels: {}, value }]);
}

function openDescriptors(): number | undefined {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return undefined; // Only Linux tells, and only those who may do anything.
  }
}
