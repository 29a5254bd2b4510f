import { GraphService } from "./built_in.ts";
import type { Context } from "./context.ts";

/** What a module offers, whatever its form. */
export interface EntryPoint {
  /** `handle`: answers batches; `graph`: of two steps around the graph. */
  readonly form: "handle" | "graph";
  /** The built-in service whose steps it takes over. */
  readonly base: string | undefined;
  /** The steps that are its own. */
  readonly own: readonly Step[];
  /** Calls a function of the service. */
  readonly call: (name: string, ...values: unknown[]) => unknown;
}

/** The steps of a service around a graph. */
export type Step = "preprocess" | "postprocess";

const STEPS: readonly Step[] = ["preprocess", "postprocess"];
const DEFAULT_CALLEE = "handle";

type Callable = (...values: unknown[]) => unknown;
type Exports = Readonly<Record<string, unknown>>;

/**
 * Finds what is to be called in a module: the function or class that the
 * handler names, a function `handle`, or the only class.
 *
 * @throws {TypeError} if there is no such thing, or more than one
 */
export async function findEntryPoint(
  module: Exports,
  callee: string | undefined,
  context: Context,
): Promise<EntryPoint> {
  const found = module[callee ?? DEFAULT_CALLEE] ??
    (callee === undefined ? onlyOne(module) : undefined);
  if (typeof found !== "function") {
    throw new TypeError(
      callee === undefined
        ? `it exports no function "handle" and no class`
        : `it exports no function or class "${callee}", but ${namesOf(module)}`,
    );
  }
  if (!isClass(found)) {
    await initialize(module, module, context);
    const handle = found as Callable; // just checked
    return pointTo("handle", { call: (_, ...values) => handle(...values) });
  }
  const service = new (found as new () => object)(); // just checked
  await initialize(service as Exports, service, context);
  return pointAt(service);
}

/** What a class offers. */
function pointAt(service: object): EntryPoint {
  const methods = service as Exports;
  const call = (name: string, ...values: unknown[]) =>
    (methods[name] as Callable).call(service, ...values); // Only what is there is asked for.
  if (typeof methods.handle === "function") return pointTo("handle", { call });
  const own = STEPS.filter((step) =>
    typeof methods[step] === "function" &&
    methods[step] !== GraphService.prototype[step]
  );
  const { base = "" } = service.constructor as { base?: string };
  refuseMisspelt(service, own);
  if (own.length > 0 || service instanceof GraphService) {
    return pointTo("graph", { call, own, base: base || undefined });
  }
  throw new TypeError(
    `class "${service.constructor.name}" has none of the methods "handle", "preprocess" and "postprocess"${
      others(service)
    }`,
  );
}

/** A step that is never called would be missed late. */
function refuseMisspelt(service: object, own: readonly Step[]): void {
  for (const name of methodsOf(service)) {
    const meant = name.replaceAll("_", "").toLowerCase();
    const step = STEPS.find((it) => it === meant);
    if (step === undefined || step === name || own.includes(step)) continue;
    throw new TypeError(
      `class "${service.constructor.name}" has a method "${name}", "${step}" is what is called`,
    );
  }
}

/** What a class has instead of the methods that are called. */
function others(service: object): string {
  const isStatic = "handle" in service.constructor;
  const names = methodsOf(service).map((name) => `"${name}"`);
  if (isStatic) names.push(`a static "handle"`);
  return names.length === 0 ? "" : `, but ${names.join(", ")}`;
}

function methodsOf(service: object): readonly string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(service))
    .filter((name) => name !== "constructor");
}

function pointTo(
  form: EntryPoint["form"],
  { call, own = [], base }: {
    readonly call: EntryPoint["call"];
    readonly own?: readonly Step[];
    readonly base?: string | undefined;
  },
): EntryPoint {
  return { form, base, own, call };
}

async function initialize(
  functions: Exports,
  self: unknown,
  context: Context,
): Promise<void> {
  const { initialize } = functions;
  if (typeof initialize === "function") await initialize.call(self, context);
}

function onlyOne(module: Exports): unknown {
  if (typeof module.default === "function") return module.default;
  const classes = Object.values(module).filter(isClass);
  if (classes.length < 2) return classes[0];
  throw new TypeError(
    `it exports ${classes.length} classes, the handler must name one: ${
      namesOf(module)
    }`,
  );
}

function isClass(value: unknown): boolean {
  return typeof value === "function" &&
    Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
}

function namesOf(module: Exports): string {
  const names = Object.keys(module).map((name) => `"${name}"`);
  return names.join(", ") || "nothing";
}
