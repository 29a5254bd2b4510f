/**
 * What crosses between the worker and the sandbox of a custom service, as the
 * two post it. What comes out of the sandbox is read by `replies.ts`, which
 * believes nothing of it.
 *
 * @module
 */

import type { Feeds } from "../../tensor/mod.ts";

/** Worker → sandbox. */
export type ToSandbox =
  | LoadMessage
  | {
    readonly type: "calls";
    readonly calls: readonly Call[];
    readonly packed: Uint8Array;
  }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | {
    readonly type: "refusal";
    readonly id: number;
    readonly code: string;
    readonly message: string;
  };

/** Sandbox → worker. */
export type FromSandbox =
  | {
    readonly type: "loaded";
    readonly form: "handle" | "graph";
    readonly base: string | undefined;
    readonly own: readonly string[];
  }
  | { readonly type: "refused"; readonly error: Thrown }
  /** What nobody waited for has failed. */
  | { readonly type: "stray"; readonly error: Thrown }
  | {
    readonly type: "done";
    readonly results: readonly CallResult[];
    readonly packed: Uint8Array;
  }
  | Ask;

/** The first message: what is to be loaded, and what its context says. */
export interface LoadMessage {
  readonly type: "load";
  /** The url of the module. */
  readonly entry: string;
  /** The url of the module that is called `mms`. */
  readonly own: string;
  /** What is called in it, where the handler names that. */
  readonly callee: string | undefined;
  /** Names of globals that the settings leave to it, such as `fetch`. */
  readonly granted: readonly string[];
  readonly about: About;
}

/** What a service is told of its model. */
export interface About {
  readonly modelName: string;
  readonly modelDir: string;
  readonly manifest: unknown;
  readonly signature: unknown;
  readonly labels: readonly string[];
  readonly batchSize: number;
  readonly version: string;
  readonly graph: GraphAbout | undefined;
}

/** A graph's inputs and outputs, free extents by their names. */
export interface GraphAbout {
  readonly inputs: readonly ValueAbout[];
  readonly outputs: readonly ValueAbout[];
}

/** One input or output of a graph. */
export interface ValueAbout {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** Bytes as they cross: themselves, or where they are in what is packed. */
export type PackedBytes =
  | Uint8Array
  | readonly [start: number, end: number];

/** One request, as it crosses. */
export interface CrossingRequest<Data = Uint8Array> {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: readonly CrossingField<Data>[];
}

/** Name, bare MIME type and data of a field. */
export type CrossingField<Data = Uint8Array> = readonly [
  name: string,
  contentType: string,
  data: Data,
];

/** What a sandbox is asked to do. */
export type Call<Data = PackedBytes> =
  | {
    readonly id: number;
    readonly kind: "handle";
    readonly requests: readonly CrossingRequest<Data>[];
  }
  | {
    readonly id: number;
    readonly kind: "preprocess";
    readonly request: CrossingRequest<Data>;
  }
  | {
    readonly id: number;
    readonly kind: "postprocess";
    readonly request: CrossingRequest<Data>;
    readonly outputs: Feeds;
  };

/** What came of a call. */
export type CallResult =
  | {
    readonly id: number;
    readonly ms: number;
    readonly value: unknown;
    readonly metrics?: readonly unknown[];
  }
  | {
    readonly id: number;
    readonly ms: number;
    readonly error: Thrown;
    readonly metrics?: readonly unknown[];
  };

/** What a service threw. */
export interface Thrown {
  readonly message: string;
  /** The stack, with places in staged files. */
  readonly stack: string;
  /** The HTTP status of a `PredictionError`. */
  readonly status?: number;
  /** The code of an error that came from the worker. */
  readonly code?: string;
  /** What the service's author is told besides, of an answer that is none. */
  readonly why?: string;
}

/** One answer, as it crosses. */
export type CrossingAnswer<Data = Uint8Array> =
  | {
    readonly body: Data;
    readonly status?: number;
    readonly reason?: string;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }
  | { readonly error: Thrown };

/** What the sandbox needs of the worker. */
export type Ask =
  | {
    readonly type: "ask";
    readonly id: number;
    readonly what: "run";
    readonly feeds: Feeds;
  }
  | {
    readonly type: "ask";
    readonly id: number;
    readonly what: "read";
    readonly path: string;
  }
  | {
    readonly type: "ask";
    readonly id: number;
    readonly what: "preprocess";
    readonly base: string;
    readonly request: CrossingRequest;
  }
  | {
    readonly type: "ask";
    readonly id: number;
    readonly what: "postprocess";
    readonly base: string;
    readonly request: CrossingRequest;
    readonly outputs: Feeds;
  };
