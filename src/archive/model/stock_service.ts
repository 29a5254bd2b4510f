import { createHash } from "node:crypto";
import table from "./stock_services.json" with { type: "json" };

/** What a Python file that came with the original server is there for. */
export type StockRole =
  | "base"
  | "image"
  | "image-batching"
  | "gluon-base"
  | "gluon-image"
  | "gluon-alexnet"
  | "single-node"
  | "handler"
  | "utils-image"
  | "utils-ndarray"
  | "utils-nlp"
  | "ssd"
  | "lstm";

/** Roles of files by the SHA-256 of their normalised text. */
export type StockServices = ReadonlyMap<string, StockRole>;

/**
 * Every version of the service files in the history of the original server,
 * github.com/awslabs/multi-model-server.
 */
export const STOCK_SERVICES: StockServices = new Map(
  table.files.map(({ sha256, role }) => [sha256, role as StockRole]), // a test holds each role against this type
);

/**
 * Returns the SHA-256 of a Python file's lines that do something: comments,
 * empty lines and trailing white space do not count.
 */
export function fingerprint(text: string): string {
  return createHash("sha256").update(normalised(text)).digest("hex");
}

/** Whether a Python file has no line that does something. */
export function doesNothing(text: string): boolean {
  return normalised(text) === "";
}

function normalised(text: string): string {
  return text.replaceAll("\r\n", "\n").split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !line.trimStart().startsWith("#"))
    .map((line) => line + "\n").join("");
}
