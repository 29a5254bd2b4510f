import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import {
  bits,
  explicit,
  identifier,
  implicit,
  integer,
  octets,
  sequence,
  set,
  time,
  utf8,
} from "./der.ts";
import { addressBytes } from "../listener/ip_address.ts";
import type { TlsIdentity } from "./tls.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALT_NAME = "2.5.29.17";
/** Version 3, counted from 0. */
const V3 = Uint8Array.of(2);

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks may be that far apart. */
const BEFORE_MS = DAY_MS;
const VALID_MS = 3650 * DAY_MS;
const SERIAL_BYTES = 16;

/**
 * Makes a certificate for this machine and `host`, signed by itself (RFC 5280
 * §4.1). The libraries for that would add 4 MB to the payload, which every
 * process reads at its start.
 */
export async function selfSigned(host: string): Promise<TlsIdentity> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ]);
  const toSign = certificateBody(
    new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey)),
    ["localhost", "127.0.0.1", "::1", host],
  );
  const signature = new Uint8Array(
    await crypto.subtle.sign(ALGORITHM, keys.privateKey, toSign),
  );
  const certificate = sequence(
    toSign,
    sequence(identifier(ECDSA_WITH_SHA256)),
    bits(signatureValue(signature)),
  );
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    cert: pem("CERTIFICATE", certificate),
    key: pem("PRIVATE KEY", new Uint8Array(key)),
  };
}

function certificateBody(
  publicKey: Uint8Array,
  hosts: readonly string[],
): Uint8Array<ArrayBuffer> {
  const name = sequence(
    set(sequence(identifier(COMMON_NAME), utf8("mms, self-signed"))),
  );
  const now = Date.now();
  const serial = crypto.getRandomValues(new Uint8Array(SERIAL_BYTES));
  const body = sequence(
    explicit(0, integer(V3)),
    integer(serial),
    sequence(identifier(ECDSA_WITH_SHA256)),
    name,
    sequence(time(new Date(now - BEFORE_MS)), time(new Date(now + VALID_MS))),
    name,
    publicKey,
    explicit(3, sequence(alternativeNames(hosts))),
  );
  return new Uint8Array(body);
}

/** RFC 5280 §4.2.1.6: names of hosts have the tag 2, addresses 7. */
function alternativeNames(hosts: readonly string[]): Uint8Array {
  const names = [...new Set(hosts)].map((host) =>
    isIP(host) === 0
      ? implicit(2, new TextEncoder().encode(host))
      : implicit(7, addressBytes(host))
  );
  return sequence(
    identifier(SUBJECT_ALT_NAME),
    octets(sequence(...names)),
  );
}

/** WebCrypto gives r and s one after the other, RFC 3279 §2.2.3 wants a SEQUENCE. */
function signatureValue(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  return sequence(
    integer(signature.subarray(0, half)),
    integer(signature.subarray(half)),
  );
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString("base64").match(/.{1,64}/g) ?? [];
  return [
    `-----BEGIN ${label}-----`,
    ...lines,
    `-----END ${label}-----`,
    "",
  ].join("\n");
}
