import type { ErrorCode } from "../../../src/errors.ts";

/** What a request asks of the test's service. */
export type Deed =
  | { readonly type: "echo"; readonly bytes?: number }
  /** Waits, and lets the worker do other things. */
  | { readonly type: "sleep"; readonly ms: number }
  /** Keeps the worker's only thread busy, as a graph does. */
  | { readonly type: "compute"; readonly ms: number }
  /** Keeps it busy for ever. */
  | { readonly type: "hang" }
  /** Never answers, though the worker has nothing to do. */
  | { readonly type: "wait" }
  | { readonly type: "exit" }
  | {
    readonly type: "fail";
    readonly message: string;
    readonly code?: ErrorCode;
  }
  | { readonly type: "print"; readonly text: string }
  | { readonly type: "hoard"; readonly megabytes: number };
