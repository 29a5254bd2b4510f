/** What a service finds in its world: the language, and what only computes. */
const ALLOWED: ReadonlySet<string> = new Set([
  ..."AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array"
    .split(" "),
  ..."Boolean DataView Date DisposableStack AsyncDisposableStack Error Function"
    .split(
      " ",
    ),
  ..."EvalError FinalizationRegistry Float16Array Float32Array Float64Array"
    .split(" "),
  ..."Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN"
    .split(" "),
  ..."Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set"
    .split(" "),
  ..."String SuppressedError Symbol SyntaxError Temporal TypeError URIError"
    .split(" "),
  ..."Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef"
    .split(" "),
  ..."WeakSet WebAssembly decodeURI decodeURIComponent encodeURI undefined"
    .split(" "),
  ..."encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt"
    .split(" "),
  ..."unescape AbortController AbortSignal Blob CompressionStream CustomEvent"
    .split(" "),
  ..."DOMException DecompressionStream Event EventTarget File FormData Headers"
    .split(" "),
  ..."ReadableStream TextDecoder TextDecoderStream TextEncoder URL URLPattern"
    .split(" "),
  ..."TextEncoderStream TransformStream URLSearchParams WritableStream atob"
    .split(" "),
  ..."btoa clearInterval clearTimeout console crypto performance".split(" "),
  ..."queueMicrotask setInterval setTimeout structuredClone".split(" "),
]);

/** Texts that become code have no place here: they were never checked. */
const CODE_MAKERS: readonly object[] = [
  function () {},
  async function () {},
  function* () {},
  async function* () {},
];

/** What a sandbox may have beyond that, where the settings grant a network. */
const NETWORK: readonly string[] = ["fetch", "Request", "Response"];

/**
 * Takes from the global object all that a service has no use for: what reads,
 * writes, connects or runs, and what makes code of texts. Nothing of it can be
 * had again, since no module of the service was loaded before.
 *
 * @param granted names that stay nevertheless, of those the settings may grant
 */
export function confine(granted: readonly string[]): void {
  const kept = new Set([
    ...ALLOWED,
    ...NETWORK.filter((name) => granted.includes(name)),
  ]);
  wrapTimers();
  plainConsole();
  for (const maker of CODE_MAKERS) forbidCode(maker);
  globalThis.Function = Function.prototype.constructor as FunctionConstructor; // The one that refuses.
  for (const key of Reflect.ownKeys(globalThis)) {
    // What the runtime keeps under symbols says what kind of object this is.
    if (typeof key === "string" && !kept.has(key)) remove(globalThis, key);
  }
  for (const name of ["createObjectURL", "revokeObjectURL"]) remove(URL, name);
  freeze(Error, "prepareStackTrace", undefined);
}

/** What cannot be removed is emptied, what cannot be emptied is a bug. */
function remove(target: object, key: string | symbol): void {
  if (Reflect.deleteProperty(target, key)) return;
  const { value, writable } = Reflect.getOwnPropertyDescriptor(target, key)!;
  if (value === undefined) return;
  if (writable && Reflect.set(target, key, undefined)) return;
  throw new Error(`Cannot take "${String(key)}" from the sandbox`);
}

function forbidCode(maker: object): void {
  const prototype = Object.getPrototypeOf(maker);
  const { name } = prototype.constructor;
  const refuse = {
    [name]: function () {
      throw new EvalError("Code cannot be made of text in a service");
    },
  }[name]!;
  Object.defineProperty(refuse, "prototype", { value: prototype });
  Object.setPrototypeOf(refuse, Function.prototype);
  freeze(prototype, "constructor", refuse);
}

function freeze(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: false,
    configurable: false,
  });
}

/** Some runtimes take a text, and run it. */
function wrapTimers(): void {
  for (const name of ["setTimeout", "setInterval"] as const) {
    const start = globalThis[name] as (...values: unknown[]) => unknown; // What is called is checked below.
    const checked = (callback: unknown, ...values: unknown[]) => {
      if (typeof callback === "function") return start(callback, ...values);
      throw new TypeError("A timer calls a function, and nothing else");
    };
    Object.defineProperty(globalThis, name, { value: checked, writable: true });
  }
}

/** The runtime's own knows the runtime. */
function plainConsole(): void {
  const { console } = globalThis;
  const names = ["debug", "error", "info", "log", "trace", "warn"] as const;
  const plain = Object.fromEntries(
    names.map((name) => [name, console[name].bind(console)]),
  );
  Object.defineProperty(globalThis, "console", {
    value: plain,
    writable: true,
    configurable: true,
  });
}
