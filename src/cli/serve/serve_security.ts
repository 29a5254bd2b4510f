import { Buffer } from "node:buffer";
import type { ResolvedSettings, Settings } from "../../config/mod.ts";
import { messageOf, MmsError } from "../../errors.ts";
import { hideSecrets } from "../../log.ts";
import { isLoopback, type TlsSource, type Tokens } from "../../server/mod.ts";

/** Whom a server trusts, and how it is trusted. */
export interface Security {
  /** Where its certificate comes from. */
  readonly tls: TlsSource;
  /** What callers have to know. */
  readonly tokens: Tokens;
  /** The management token, if nobody but the server knows it yet. */
  readonly newToken: string | undefined;
  /** What its owner should know, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Decides whom a server trusts. Its management takes a token where other
 * machines can reach it, unless the settings say otherwise; one that was set up
 * for the original stays as open as it was.
 *
 * @throws {MmsError} `invalid_settings` if a token or a certificate cannot be had
 */
export async function serverSecurity(
  resolved: ResolvedSettings,
): Promise<Security> {
  const { settings, isOriginalFile } = resolved;
  const inference = await givenToken(
    settings.inferenceToken,
    settings.inferenceTokenFile,
  );
  const given = await givenToken(
    settings.managementToken,
    settings.managementTokenFile,
  );
  const { managementAuthentication: wanted } = settings;
  const isOpen = isReachable(settings) && wanted === undefined &&
    given === undefined && isOriginalFile;
  const isNeeded = wanted ?? (given !== undefined ||
    (isReachable(settings) && !isOpen));
  const newToken = isNeeded && given === undefined ? makeToken() : undefined;
  const management = isNeeded ? given ?? newToken : undefined;
  hideSecrets([inference, management, settings.keystorePass].filter(isText));
  return {
    tls: tlsSource(settings),
    tokens: { inference, management },
    newToken,
    warnings: isOpen ? [OPEN_WARNING] : [],
  };
}

const OPEN_WARNING =
  "Everybody who can reach the management address can have any code run here, as with the original: set management_token, or management_authentication=true or false";

function isReachable({ managementAddress: address }: Settings): boolean {
  return address.scheme !== "unix" && !isLoopback(address.host);
}

const TOKEN_BYTES = 32;

function makeToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return Buffer.from(bytes).toString("base64url");
}

async function givenToken(
  token: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (token !== undefined || file === undefined) return token;
  const text = await readToken(file);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new MmsError(
    "invalid_settings",
    `Cannot use "${file}": it is not one token, a line of visible ASCII would be`,
  );
}

async function readToken(file: string): Promise<string> {
  try {
    return (await Deno.readTextFile(file)).trim();
  } catch (cause) {
    throw new MmsError(
      "invalid_settings",
      `Cannot read "${file}": ${messageOf(cause)}`,
      { cause },
    );
  }
}

function tlsSource(settings: Settings): TlsSource {
  const { keystore, keystorePass, certificateFile, privateKeyFile } = settings;
  if (keystore !== undefined) {
    return { kind: "pkcs12", keystore, passphrase: keystorePass };
  }
  if (certificateFile === undefined && privateKeyFile === undefined) {
    return { kind: "self-signed" };
  }
  if (certificateFile !== undefined && privateKeyFile !== undefined) {
    return { kind: "pem", certificateFile, privateKeyFile };
  }
  throw new MmsError(
    "invalid_settings",
    "Cannot use https: of certificate_file and private_key_file one is missing",
  );
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
