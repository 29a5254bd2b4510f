import { Buffer } from "node:buffer";
import { messageOf, MmsError, systemError } from "../../errors.ts";

/** Where a certificate and its key come from. */
export type TlsSource =
  | {
    readonly kind: "pem";
    /** A PEM file with the certificate, and those that it is signed by. */
    readonly certificateFile: string;
    /** A PEM file with its private key. */
    readonly privateKeyFile: string;
  }
  | {
    readonly kind: "pkcs12";
    /** A PKCS12 file with both. */
    readonly keystore: string;
    /** What it is encrypted with. */
    readonly passphrase: string;
  }
  /** Made up on the spot, and trusted by nobody. */
  | { readonly kind: "self-signed" };

/** A certificate and its key, as node takes them. */
export type TlsIdentity =
  | { readonly cert: string; readonly key: string }
  | { readonly pfx: Buffer; readonly passphrase: string };

/**
 * Reads a certificate and its key, and checks that they belong together: node
 * would listen with any two files, and fail at every connection.
 *
 * @throws {MmsError} `invalid_settings` if a file cannot be used
 */
export async function readIdentity(
  source: TlsSource,
  host: string,
): Promise<TlsIdentity> {
  switch (source.kind) {
    case "pem":
      return await readPem(source.certificateFile, source.privateKeyFile);
    case "pkcs12":
      return await readKeystore(source.keystore, source.passphrase);
    case "self-signed": {
      const { selfSigned } = await import("./self_signed.ts");
      return await selfSigned(host);
    }
  }
}

async function readPem(
  certificateFile: string,
  privateKeyFile: string,
): Promise<TlsIdentity> {
  const [cert, key] = await Promise.all([
    readText("certificate_file", certificateFile),
    readText("private_key_file", privateKeyFile),
  ]);
  const { createPrivateKey, X509Certificate } = await import("node:crypto");
  const certificate = parse(
    certificateFile,
    () => new X509Certificate(cert),
    "a certificate in PEM",
  );
  const privateKey = parse(
    privateKeyFile,
    () => createPrivateKey(key),
    "a private key in PEM without a password",
  );
  if (certificate.checkPrivateKey(privateKey)) return { cert, key };
  throw new MmsError(
    "invalid_settings",
    `Cannot use "${privateKeyFile}": it is not the key of "${certificateFile}"`,
  );
}

/** Java's own format begins with this. */
const JKS = 0xfeedfeed;

async function readKeystore(
  keystore: string,
  passphrase: string,
): Promise<TlsIdentity> {
  const pfx = await readBytes("keystore", keystore);
  if (pfx.length >= 4 && new DataView(pfx.buffer).getUint32(0) === JKS) {
    throw new MmsError(
      "invalid_settings",
      `Cannot use "${keystore}": it is a JKS keystore, keytool -importkeystore -deststoretype PKCS12 makes it a good one`,
    );
  }
  const { createSecureContext } = await import("node:tls");
  const identity = { pfx: Buffer.from(pfx), passphrase };
  parse(
    keystore,
    () => createSecureContext(identity),
    "a PKCS12 keystore, and keystore_pass its password",
  );
  return identity;
}

function parse<T>(file: string, read: () => T, right: string): T {
  try {
    return read();
  } catch (cause) {
    throw new MmsError(
      "invalid_settings",
      `Cannot use "${file}": ${messageOf(cause)}, it should be ${right}`,
      { cause },
    );
  }
}

async function readText(setting: string, path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(setting, path));
}

async function readBytes(
  setting: string,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    const refusal = systemError(`Cannot read ${setting} "${path}"`, cause);
    throw new MmsError("invalid_settings", messageOf(refusal), { cause });
  }
}
