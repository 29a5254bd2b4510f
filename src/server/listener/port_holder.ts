/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** Its name, at most 15 characters. */
  readonly name: string;
}

/** Says whose port it is, as far as this user may know; only Linux tells. */
export async function findPortHolder(
  port: number,
): Promise<PortHolder | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || !await holdsOne(name, inodes)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/comm`);
    return { pid: Number(name), name: command.trim() };
  }
  return undefined;
}

// proc_pid_net(5): of each socket the local address and port, the state and,
// in the tenth column, the inode. State 0A is LISTEN.
const LISTENER = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A(?:\s+\S+){5}\s+(\d+)/;

async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const inodes = new Set<string>();
  for (const table of ["tcp", "tcp6"]) {
    const text = await Deno.readTextFile(`/proc/net/${table}`).catch(() => "");
    for (const line of text.split("\n")) {
      const match = LISTENER.exec(line);
      if (match !== null && parseInt(match[1]!, 16) === port) {
        inodes.add(match[2]!);
      }
    }
  }
  return inodes;
}

async function holdsOne(
  pid: string,
  inodes: ReadonlySet<string>,
): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
      const inode = await socketOf(`/proc/${pid}/fd/${name}`);
      if (inode !== undefined && inodes.has(inode)) return true;
    }
  } catch {
    // Another user's process, or one that has just ended.
  }
  return false;
}

/** Returns the inode of a socket that is open; others may be closed meanwhile. */
async function socketOf(file: string): Promise<string | undefined> {
  const target = await Deno.readLink(file).catch(() => "");
  return /^socket:\[(\d+)\]$/.exec(target)?.[1];
}
