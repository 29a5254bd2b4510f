/**
 * Models over HTTP.
 *
 * @module
 */

export type { CorsOptions } from "./exchange/cors.ts";
export { isLoopback } from "./exchange/access.ts";
export { addressText, type ListenAddress } from "./listener/listen_address.ts";
export type { FaceOptions, Tokens } from "./exchange/faces.ts";
export type { ChangeJournal } from "./management/management.ts";
export { RUNTIMES, SERVICES } from "./management/parameters.ts";
export type { TlsSource } from "./tls/tls.ts";
export { type ProblemBody, problemBody } from "./problem.ts";
export { ModelServer, type ServerOptions } from "./server.ts";
