import { statfs } from "node:fs/promises";
import { cpus } from "node:os";

/** How busy the machine is. */
export interface SystemSample {
  /** Since the sample before; since the machine was started for the first. */
  readonly cpuPercent: number;
  /** In bytes: what is neither free nor easily freed. */
  readonly memoryUsed: number;
  /** In bytes. */
  readonly memoryAvailable: number;
  /** Of the root file system; `undefined` where that cannot be told. */
  readonly disk: DiskSample | undefined;
}

/** How full a file system is, in bytes. */
export interface DiskSample {
  readonly used: number;
  /** For users other than root. */
  readonly available: number;
}

/** Looks at the machine by asking the system, without other processes. */
export class SystemSampler {
  #busy = 0;
  #total = 0;
  #cpuPercent = 0;

  /** Takes a sample. */
  async sample(): Promise<SystemSample> {
    const { total, available } = Deno.systemMemoryInfo();
    return {
      cpuPercent: this.#cpu(),
      memoryUsed: total - available,
      memoryAvailable: available,
      disk: await rootDisk(),
    };
  }

  #cpu(): number {
    const times = cpus().map(({ times }) => times);
    const sum = (of: (time: typeof times[number]) => number) =>
      times.reduce((total, time) => total + of(time), 0);
    const busy = sum(({ user, nice, sys, irq }) => user + nice + sys + irq);
    const total = busy + sum(({ idle }) => idle);
    // Two samples may fall into one tick of the system's clock.
    if (total > this.#total) {
      const share = (busy - this.#busy) / (total - this.#total);
      this.#cpuPercent = Math.min(100, Math.max(0, share * 100));
    }
    this.#busy = busy;
    this.#total = total;
    return this.#cpuPercent;
  }
}

async function rootDisk(): Promise<DiskSample | undefined> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs("/");
    return { used: (blocks - bfree) * bsize, available: bavail * bsize };
  } catch {
    return undefined; // Not every system and sandbox tells.
  }
}
