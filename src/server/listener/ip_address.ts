const IPV4_BYTES = 4;
const IPV6_WORDS = 8;

/** Returns the 4 or 16 bytes of an IP address (RFC 4291 §2.2), which it has to be. */
export function addressBytes(address: string): Uint8Array {
  return address.includes(":") ? ipv6Bytes(address) : ipv4Bytes(address);
}

function ipv4Bytes(address: string): Uint8Array {
  const numbers = address.split(".").map(Number);
  return Uint8Array.from({ length: IPV4_BYTES }, (_, i) => numbers[i] ?? 0);
}

function ipv6Bytes(address: string): Uint8Array {
  const [before = "", after = ""] = address.split("::");
  const [head, tail] = [words(before), words(after)];
  const zeros = Array(IPV6_WORDS - head.length - tail.length).fill(0);
  const all = [...head, ...zeros, ...tail];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 255]));
}

/** The last two words may be written as an IPv4 address. */
function words(text: string): number[] {
  return text.split(":").filter((part) => part !== "").flatMap((part) => {
    if (!part.includes(".")) return [parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(part);
    return [a << 8 | b, c << 8 | d];
  });
}
