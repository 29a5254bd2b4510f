import { messageOf, MmsError } from "../../errors.ts";
import { DownloadError, type Subject } from "./download_error.ts";

/** Longer urls are refused before any expression looks at them. */
const MAX_URL_LENGTH = 8192;

/** Which urls may be downloaded from. */
export interface UrlRules {
  /** Whoever matches one of these as a whole may be anywhere. */
  readonly patterns: readonly RegExp[];
  /** Whether other urls may be too, if they lead out on the internet. */
  readonly public: boolean;
}

/**
 * Reads the setting `allowed_urls`: regular expressions between commas, each
 * of which a url matches as a whole and without regard to case. Without the
 * setting every public host is allowed.
 *
 * @throws {MmsError} `invalid_settings` if an expression is none
 */
export function parseAllowedUrls(text: string | undefined): UrlRules {
  if (text === undefined || text.trim() === "") {
    return { patterns: [], public: true };
  }
  return { patterns: splitExpressions(text).map(toPattern), public: false };
}

/** Returns the same rules, which allow everything at one url's host as well. */
export function alsoAllow(rules: UrlRules, url: URL): UrlRules {
  const host = RegExp.escape(`${url.protocol}//${url.host}/`);
  return { ...rules, patterns: [...rules.patterns, toPattern(`${host}.*`)] };
}

/** Returns whether the rules name a url, so that it may be anywhere. */
export function isNamed(rules: UrlRules, url: URL): boolean {
  return url.href.length <= MAX_URL_LENGTH &&
    rules.patterns.some((pattern) => pattern.test(withoutCredentials(url)));
}

/**
 * Looks at a url as it is written.
 *
 * @throws {DownloadError} if the rules refuse it whatever its address
 */
export function requireAllowedName(
  url: URL,
  rules: UrlRules,
  subject: Subject,
): void {
  if (rules.public || isNamed(rules, url)) return;
  throw new DownloadError(
    subject,
    { kind: "refused" },
    `"${url.host}" is not allowed, ${whatWouldAllow(url)}`,
  );
}

/** Returns which setting would have a url allowed, for people to copy. */
export function whatWouldAllow({ protocol, host }: URL): string {
  const start = `${protocol}//${host}/`.replace(/[.[\]]/g, "\\$&");
  return `allowed_urls with ${start}.* among its expressions would allow it`;
}

function withoutCredentials(url: URL): string {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare.href;
}

/** A comma within brackets belongs to the expression: `\d{1,3}`. */
function splitExpressions(text: string): readonly string[] {
  return text.split(/,(?![^{[(]*[}\])])/)
    .map((expression) => expression.trim())
    .filter((expression) => expression !== "");
}

function toPattern(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`, "i");
  } catch (error) {
    throw new MmsError(
      "invalid_settings",
      `Cannot use allowed_urls "${expression}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}
