import text from "./mms.d.ts" with { type: "text" };

/** What `mms` is to services in TypeScript, as a declaration file. */
export const SERVICE_TYPES: string = text;
