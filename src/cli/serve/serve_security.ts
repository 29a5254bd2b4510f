import { Buffer } from "node:buffer";
import type { ResolvedSettings, Settings } from "../../config/mod.ts";
import { messageOf, MmsError, systemError } from "../../errors.ts";
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
  const inference = await givenToken("inference", settings);
  const given = await givenToken("management", settings);
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
  purpose: "inference" | "management",
  settings: Settings,
): Promise<string | undefined> {
  const token = settings[`${purpose}Token`];
  const file = settings[`${purpose}TokenFile`];
  if (token !== undefined || file === undefined) return token;
  const what = `${purpose}_token_file "${file}"`;
  const text = await readToken(file, what);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new MmsError(
    "invalid_settings",
    `Cannot use ${what}: it is not one token, a line of visible ASCII would be`,
  );
}

async function readToken(file: string, what: string): Promise<string> {
  try {
    return (await Deno.readTextFile(file)).trim();
  } catch (cause) {
    const refusal = systemError(`Cannot read ${what}`, cause);
    throw new MmsError("invalid_settings", messageOf(refusal), { cause });
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
  const [given, missing] = privateKeyFile === undefined
    ? ["certificate_file", "private_key_file"]
    : ["private_key_file", "certificate_file"];
  throw new MmsError(
    "invalid_settings",
    `Cannot use ${given}: ${missing} is not set, both or neither would be right`,
  );
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
