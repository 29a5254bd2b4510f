import { isIP } from "node:net";
import { generate } from "selfsigned";
import type { TlsIdentity } from "./tls_identity.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks may be that far apart. */
const BEFORE_MS = DAY_MS;
const VALID_MS = 3650 * DAY_MS;

/** What is asked for at the address that the server is bound to, besides its own. */
const HOSTS: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** Makes a certificate for this machine and `host`, signed by itself (RFC 5280). */
export async function selfSigned(host: string): Promise<TlsIdentity> {
  const name = [{ name: "commonName", value: "mms (self-signed)" }];
  const now = Date.now();
  const made = await generate(name, {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256", // SHA-1 otherwise, which clients refuse
    notBeforeDate: new Date(now - BEFORE_MS),
    notAfterDate: new Date(now + VALID_MS),
    extensions: [
      { name: "basicConstraints", cA: false },
      {
        name: "subjectAltName",
        altNames: [...new Set([...HOSTS, host])].map(alternativeName),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** RFC 5280 §4.2.1.6: names of hosts have the tag 2, addresses 7. */
function alternativeName(host: string) {
  return isIP(host) === 0
    ? { type: 2 as const, value: host }
    : { type: 7 as const, ip: host };
}
