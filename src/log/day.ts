const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A day as {@linkcode dayOf} names it. */
export const DAY = `\\d\\d-(?:${MONTHS.join("|")})`;

/** Names the local day of a time in ms since 1970, as MMS does: `14-Oct`. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const day = String(date.getDate()).padStart(2, "0");
  return `${day}-${MONTHS[date.getMonth()]}`;
}
