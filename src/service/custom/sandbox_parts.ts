import { MmsError } from "../../errors.ts";
import type {
  Call,
  CallResult,
  CrossingField,
  CrossingRequest,
  LoadMessage,
  PackedBytes,
  Thrown,
} from "./messages.ts";
import type { Packing } from "./packing.ts";
import { requireList, requireString } from "./replies.ts";

/** A call without its number. */
export type CallBody = Call<Uint8Array> extends infer C
  ? C extends Call<Uint8Array> ? Omit<C, "id"> : never
  : never;

/** What a service turned out to be. */
export interface LoadedForm {
  readonly form: "handle" | "graph";
  readonly base: string | undefined;
  readonly own: readonly string[];
}

/** Does what a service asks for, and checks what it says with it. */
export type Errand = (
  what: string,
  question: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

/** What a sandbox is made of. */
export interface SandboxOptions {
  readonly load: LoadMessage;
  /** What it may read: its modules. */
  readonly folder: string;
  /** What it may connect to, as `Deno.permissions` has it; nothing if empty. */
  readonly net: readonly string[];
  readonly errand: Errand;
  /** Hears of what failed though nobody waited for it. */
  readonly onStray: (thrown: Thrown) => void;
}

/** What a call came to, not yet looked at. */
export type Outcome = Exclude<CallResult, { readonly error: Thrown }> & {
  /** The bytes that it speaks of. */
  readonly packed: Uint8Array;
};

/** What a service threw. */
export class ServiceError extends Error {
  /** As it crossed. */
  readonly thrown: Thrown;

  /** Takes over what the service threw. */
  constructor(thrown: Thrown) {
    super(thrown.message);
    this.thrown = thrown;
  }
}

/** Reads what a service turned out to be. */
export function readForm(
  message: Readonly<Record<string, unknown>>,
): LoadedForm {
  const { form, base } = message;
  if (form !== "handle" && form !== "graph") throw broken("form", "known");
  return {
    form,
    base: base === undefined ? undefined : requireString(base, "base"),
    own: requireList(message.own, "steps").map((it) =>
      requireString(it, "step")
    ),
  };
}

/** What is said of a service that breaks the rules. */
export function broken(what: string, right: string): MmsError {
  return new MmsError(
    "prediction_failed",
    `Cannot use what the service gave: the ${what} must be ${right}`,
  );
}

/** Returns a call as it crosses: with copies of its requests' bytes. */
export function packCall(id: number, body: CallBody, packing: Packing): Call {
  return body.kind === "handle"
    ? { ...body, id, requests: body.requests.map((it) => pack(it, packing)) }
    : { ...body, id, request: pack(body.request, packing) };
}

function pack(
  { id, headers, fields }: CrossingRequest,
  packing: Packing,
): CrossingRequest<PackedBytes> {
  const packField = (
    [name, type, data]: CrossingField,
  ): CrossingField<PackedBytes> => [name, type, packing.add(data)];
  return { id, headers, fields: fields.map(packField) };
}

/** What a thread may do; what is not named, it may not. */
export function permissions(
  folder: string,
  net: readonly string[],
): Deno.PermissionOptionsObject {
  return {
    read: [folder],
    net: net.length === 0 ? false : [...net],
    env: false,
    ffi: false,
    import: false,
    run: false,
    sys: false,
    write: false,
  };
}
