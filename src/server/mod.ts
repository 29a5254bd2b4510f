/**
 * Models over HTTP.
 *
 * @module
 */

export type { CorsOptions } from "./cors.ts";
export { isLoopback } from "./access.ts";
export { addressText, type ListenAddress } from "./listen_address.ts";
export type { FaceOptions, Tokens } from "./faces.ts";
export type { ChangeJournal } from "./management.ts";
export { RUNTIMES, SERVICES } from "./parameters.ts";
export type { TlsSource } from "./tls.ts";
export { type ProblemBody, problemBody } from "./problem.ts";
export { ModelServer, type ServerOptions } from "./server.ts";
