/** What stands in the place of a secret. */
const HIDDEN = "***";

/** Shorter values would be found in harmless text everywhere. */
const SHORTEST_SECRET = 6;

/** `:` and `=` and the like may be percent-encoded, once or more often. */
const encoded = (code: string) => `%(?:25){0,4}${code}`;
const AMPERSAND = encoded("26");

/** Names of parameters whose values are secrets: of AWS, Google, Azure, ours. */
const SECRET_NAME = [
  "(?:[\\w-]{0,40}[_-])?(?:signature|credentials?|password|passwd|secret)",
  "(?:[\\w-]{0,40}[_-])?(?:api|access|private|secret)[_-]?key(?:[_-]?id)?",
  "(?:[\\w-]{0,40}[_-])?token",
  "awsaccesskeyid|keystore_pass|sig|key|auth|pwd|pass",
].join("|");

/** A parameter, plain or encoded, up to and with the sign before its value. */
const PARAMETER = new RegExp(
  `(?<=^|[?&;,\\s"'({]|${encoded("3F")}|${AMPERSAND})` +
    `((?:${SECRET_NAME})(?:=|${encoded("3D")}))` +
    `(?:(?!${AMPERSAND})[^&\\s"'<>#;,)}])+`,
  "gi",
);

/** `user:password@` of a url; the password may have an `@` in it. */
const USER = /(:\/\/)[^\s\/?#"']{1,512}@/g;
const ENCODED_USER = new RegExp(
  `(${encoded("3A")}(?:${encoded("2F")}){2})` +
    `(?:(?!${encoded("(?:2F|3F|23|40)")})[^\\s\\/?#&"']){1,512}` +
    `(?=@|${encoded("40")})`,
  "gi",
);

/** Credentials of RFC 9110, §11.4, as headers have them. */
const CREDENTIALS =
  /\b(bearer\s+|authorization["']?\s*[:=]\s*["']?basic\s+)[\w.~+\/=-]{8,}/gi;

/** Signs without one of which none of the above is there. */
const SIGNS = /[=@%]|earer |asic |EARER /;

/** Takes secrets out of texts. */
export class Redactor {
  readonly #secrets = new Set<string>();
  /** Many texts in a row are the same, such as the targets of requests. */
  #last = "";
  #lastClean = "";

  /** Remembers values that no text may show from now on. */
  hide(values: Iterable<string>): void {
    this.#last = this.#lastClean = "";
    for (const value of values) {
      if (value.length < SHORTEST_SECRET) continue;
      this.#secrets.add(value);
      this.#secrets.add(encodeURIComponent(value));
    }
  }

  /**
   * Returns the text with `***` in the place of remembered values, of user
   * names and passwords in urls, of signatures and keys among their
   * parameters, and of credentials in headers.
   */
  redact(text: string): string {
    if (text !== this.#last) this.#lastClean = this.#redacted(text);
    this.#last = text;
    return this.#lastClean;
  }

  #redacted(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) {
      if (clean.includes(secret)) clean = clean.replaceAll(secret, HIDDEN);
    }
    return SIGNS.test(clean) ? withoutCredentials(clean) : clean;
  }
}

function withoutCredentials(text: string): string {
  return text
    .replace(USER, `$1${HIDDEN}@`)
    .replace(ENCODED_USER, `$1${HIDDEN}`)
    .replace(PARAMETER, hideValue)
    .replace(CREDENTIALS, `$1${HIDDEN}`);
}

function hideValue(parameter: string, name: string): string {
  // Where a list goes on is no secret, though it is called a token.
  return /page_?token/i.test(name) ? parameter : name + HIDDEN;
}
