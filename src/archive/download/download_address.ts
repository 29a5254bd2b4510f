import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { DownloadError, type Subject } from "./download_error.ts";
import {
  isNamed,
  requireAllowedName,
  type UrlRules,
  whatWouldAllow,
} from "./download_rules.ts";

/** An address that a socket can be connected to. */
export interface Address {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Networks that no stranger may send us to. IANA IPv4 Special-Purpose Address
 * Registry (RFC 6890), multicast (RFC 5771), and Azure's host 168.63.129.16;
 * the metadata services of the clouds are within 169.254/16 and 100.64/10.
 */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** IANA IPv6 Special-Purpose Address Registry (RFC 6890), multicast. */
const PRIVATE_V6: readonly (readonly [string, number])[] = [
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

/**
 * Returns the addresses of a url's host that may be connected to, one at least.
 *
 * @throws {DownloadError} if the rules refuse the url, or it has no address
 */
export async function allowedAddresses(
  url: URL,
  rules: UrlRules,
  subject: Subject,
): Promise<readonly Address[]> {
  requireAllowedName(url, rules, subject);
  const addresses = await addressesOf(url, subject);
  const allowed = isNamed(rules, url)
    ? addresses
    : addresses.filter(isPublicAddress);
  if (allowed.length > 0) return allowed;
  throw new DownloadError(
    subject,
    { kind: "refused" },
    `"${url.host}" is not on the public internet, ${whatWouldAllow(url)}`,
  );
}

/** Returns whether an address is out on the internet. */
export function isPublicAddress({ address, family }: Address): boolean {
  return !privateNetworks().check(address, family === 4 ? "ipv4" : "ipv6");
}

/**
 * Returns the addresses of a url's host.
 *
 * @throws {DownloadError} if it has none
 */
async function addressesOf(
  url: URL,
  subject: Subject,
): Promise<readonly Address[]> {
  const host = hostOf(url);
  const family = isIP(host);
  if (family === 4 || family === 6) return [{ address: host, family }];
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map((it) => ({
      address: it.address,
      family: it.family === 6 ? 6 : 4,
    }));
  } catch (error) {
    throw new DownloadError(
      subject,
      { kind: "unreachable" },
      `the address of "${host}" is not known here`,
      { cause: error },
    );
  }
}

/** Returns the host of a url without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

let networks: BlockList | undefined;

function privateNetworks(): BlockList {
  if (networks !== undefined) return networks;
  networks = new BlockList();
  for (const [network, bits] of PRIVATE_V6) {
    networks.addSubnet(network, bits, "ipv6");
  }
  for (const [network, bits] of PRIVATE_V4) {
    const [high, low] = hexadecimal(network);
    networks.addSubnet(network, bits, "ipv4");
    // IPv4 within IPv6: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
    networks.addSubnet(`::ffff:${high}:${low}`, 96 + bits, "ipv6");
    networks.addSubnet(`64:ff9b::${high}:${low}`, 96 + bits, "ipv6");
    networks.addSubnet(`2002:${high}:${low}::`, 16 + bits, "ipv6");
  }
  return networks;
}

function hexadecimal(address: string): readonly [string, string] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}
