import type { Buffer } from "node:buffer";

/** A certificate and its key, as node takes them. */
export type TlsIdentity =
  | { readonly cert: string; readonly key: string }
  | { readonly pfx: Buffer; readonly passphrase: string };
