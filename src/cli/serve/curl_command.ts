import { addressText, type ListenAddress } from "../../server/mod.ts";

/** Addresses that mean every one of this machine. */
const ANY_HOST: Readonly<Record<string, string>> = {
  "0.0.0.0": "127.0.0.1",
  "::": "::1",
};

/** Words that stand in double quotes, so that the shell fills in their variables. */
export interface ShellText {
  readonly shell: string;
}

/** Returns a curl command for a path below an address, to be pasted into a shell. */
export function curlCommand(
  address: ListenAddress,
  path: string,
  options: readonly (string | ShellText)[] = [],
): string {
  const words = address.scheme === "unix"
    ? ["--unix-socket", address.path, ...options, `http://localhost${path}`]
    : [...options, `${addressText(reachable(address))}${path}`];
  return ["curl", ...words.map(quoted)].join(" ");
}

function reachable(address: ListenAddress): ListenAddress {
  return address.scheme === "unix"
    ? address
    : { ...address, host: ANY_HOST[address.host] ?? address.host };
}

function quoted(word: string | ShellText): string {
  if (typeof word !== "string") return `"${word.shell}"`;
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
