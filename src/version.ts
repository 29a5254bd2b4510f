/**
 * The version of mms, as `deno.json` states it.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

/** The version of mms, `major.minor.patch`. */
export const VERSION: string = config.version;
