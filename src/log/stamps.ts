/** Writes the part of a time stamp that stays the same for a whole second. */
export type SecondFormat = (date: Date) => string;

/** Time stamps to the millisecond, formatted once each and joined otherwise. */
export class Stamps {
  readonly #format: SecondFormat;
  readonly #separator: string;
  readonly #end: string;
  #second = NaN;
  #start = "";
  #time = NaN;
  #text = "";

  /** Makes stamps of `format`, the separator, three digits and the end. */
  constructor(
    format: SecondFormat,
    around: { readonly separator: string; readonly end: string },
  ) {
    this.#format = format;
    this.#separator = around.separator;
    this.#end = around.end;
  }

  /** Returns the stamp of a time in ms since 1970. */
  at(time: number): string {
    if (time === this.#time) return this.#text;
    const second = Math.floor(time / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#start = this.#format(new Date(second * 1000)) + this.#separator;
    }
    const ms = Math.floor(time - second * 1000);
    const zeros = ms < 10 ? "00" : ms < 100 ? "0" : "";
    this.#time = time;
    this.#text = this.#start + zeros + ms + this.#end;
    return this.#text;
  }
}

/** Stamps as log4j writes them, in local time: `2018-10-14T16:59:59,926`. */
export function localStamps(): Stamps {
  return new Stamps(localSecond, { separator: ",", end: "" });
}

/** Stamps as RFC 3339 has them, in UTC: `2018-10-14T16:59:59.926Z`. */
export function utcStamps(): Stamps {
  const second: SecondFormat = (date) => date.toISOString().slice(0, 19);
  return new Stamps(second, { separator: ".", end: "Z" });
}

function localSecond(date: Date): string {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${day.map(twoDigits).join("-")}T${time.map(twoDigits).join(":")}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
