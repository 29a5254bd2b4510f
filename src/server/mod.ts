/**
 * Models over HTTP.
 *
 * @module
 */

export { addressText, type ListenAddress } from "./listen_address.ts";
export { type ProblemBody, problemBody } from "./problem.ts";
export { type CorsOptions, ModelServer, type ServerOptions } from "./server.ts";
