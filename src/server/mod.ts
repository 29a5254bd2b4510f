/**
 * Models over HTTP.
 *
 * @module
 */

export type { CorsOptions } from "./cors.ts";
export { addressText, type ListenAddress } from "./listen_address.ts";
export { type ProblemBody, problemBody } from "./problem.ts";
export { ModelServer, type ServerOptions } from "./server.ts";
