/**
 * What a service tries to get out of its sandbox: from source, and on the
 * binary.
 *
 * @module
 */

/** A file that a service must not read, and what stands in it. */
export interface Secret {
  readonly path: string;
  readonly text: string;
}

/** An attempt while the service runs: JavaScript that returns what it got. */
export interface Attempt {
  readonly name: string;
  /** The body of an async function; what it returns has got out. */
  readonly code: string;
}

/** An attempt that is refused before the service is loaded. */
export interface Refused {
  readonly name: string;
  /** The text of the module. */
  readonly module: string;
  /** What is said of it. */
  readonly says: RegExp;
}

/** Returns what is tried with things that only a program has. */
export function attempts({ path }: Secret): readonly Attempt[] {
  const secret = JSON.stringify(path);
  const url = JSON.stringify(`file://${path}`);
  return [
    {
      name: "Deno.readTextFile",
      code: `return await Deno.readTextFile(${secret})`,
    },
    {
      name: "Deno under its symbol",
      code: `return Deno[Deno.internal].core.ops`,
    },
    { name: "__bootstrap", code: `return globalThis.__bootstrap.core` },
    {
      name: "Deno.Command",
      code: `return new Deno.Command("id").outputSync()`,
    },
    { name: "Deno.dlopen", code: `return Deno.dlopen("libc.so.6", {})` },
    { name: "Deno.env", code: `return Deno.env.get("PATH")` },
    { name: "process.env", code: `return process.env.PATH` },
    { name: "process.binding", code: `return process.binding("fs")` },
    {
      name: "process.getBuiltinModule",
      code:
        `return process.getBuiltinModule("fs").readFileSync(${secret}, "utf8")`,
    },
    {
      name: "require",
      code: `return require("fs").readFileSync(${secret}, "utf8")`,
    },
    {
      name: "fetch of a file",
      code: `return await (await fetch(${url})).text()`,
    },
    {
      name: "fetch",
      code: `return (await fetch("http://127.0.0.1:1/")).status`,
    },
    { name: "WebSocket", code: `return new WebSocket("ws://127.0.0.1:1/")` },
    {
      name: "EventSource",
      code: `return new EventSource("http://127.0.0.1:1/")`,
    },
    { name: "XMLHttpRequest", code: `return new XMLHttpRequest()` },
    { name: "eval", code: `return eval("1 + 1")` },
    {
      name: "eval by another name",
      code: `return (0, globalThis["ev" + "al"])("1 + 1")`,
    },
    { name: "Function", code: `return Function("return 2")()` },
    { name: "new Function", code: `return new Function("return 2")()` },
    {
      name: "the constructor of a function",
      code: `return (() => {}).constructor("return 2")()`,
    },
    {
      name: "the constructor of an async function",
      code: `return await (async () => {}).constructor("return 2")()`,
    },
    {
      name: "the constructor of a generator",
      code: `return (function* () {}).constructor("yield 2")().next()`,
    },
    {
      name: "the constructor of an async generator",
      code:
        `return await (async function* () {}).constructor("yield 2")().next()`,
    },
    {
      name: "the constructor of a class by reflection",
      code:
        `return Reflect.construct(Object.getPrototypeOf(class {}).constructor, ["return 2"])()`,
    },
    {
      name: "the constructor of what the runtime gives",
      code:
        `return structuredClone.constructor("return 2")() || setTimeout.constructor("return 2")()`,
    },
    {
      name: "a timer with a text",
      code:
        `globalThis.got = 0; setTimeout("globalThis.got = 2", 0); await new Promise((r) => setTimeout(r, 50)); return globalThis.got`,
    },
    {
      name: "a worker of data",
      code: `return new Worker("data:text/javascript,1", { type: "module" })`,
    },
    {
      name: "a worker of a blob",
      code:
        `return new Worker(URL.createObjectURL(new Blob(["1"])), { type: "module" })`,
    },
    {
      name: "a blob's url",
      code: `return URL.createObjectURL(new Blob(["1"]))`,
    },
    { name: "importScripts", code: `return importScripts(${url})` },
    { name: "BroadcastChannel", code: `return new BroadcastChannel("mms")` },
    { name: "MessageChannel", code: `return new MessageChannel()` },
    { name: "SharedArrayBuffer", code: `return new SharedArrayBuffer(8)` },
    { name: "Atomics", code: `return Atomics.wait` },
    {
      name: "postMessage",
      code: `return postMessage({ type: "loaded" }) ?? self.postMessage`,
    },
    { name: "close", code: `return close() ?? "closed"` },
    { name: "ShadowRealm", code: `return new ShadowRealm().evaluate("1 + 1")` },
    { name: "caches", code: `return await caches.open("x")` },
    {
      name: "localStorage",
      code: `return localStorage.setItem("a", "b") ?? "stored"`,
    },
    { name: "navigator", code: `return navigator.userAgent` },
    {
      name: "WebAssembly with imports of the host",
      code: `
      const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0,
        2, 12, 1, 4, 68, 101, 110, 111, 4, 101, 120, 105, 116, 0, 0);
      return await WebAssembly.instantiate(bytes, { Deno: globalThis.Deno })`,
    },
    {
      name: "Error.prepareStackTrace",
      code: `
      Error.prepareStackTrace = (_, sites) => sites;
      const sites = new Error().stack;
      return Array.isArray(sites) && sites.map((it) => it.getFunction())`,
    },
    {
      name: "import.meta.resolve",
      code: `return import.meta.resolve("npm:acorn")`,
    },
    {
      name: "the arguments of callers",
      code: `return arguments.callee.caller`,
    },
    {
      name: "another global object",
      code: `return Object.getPrototypeOf(globalThis).constructor("x")`,
    },
    {
      name: "the worker's voice, by an event",
      code: `${FORGED_LOAD}
        EventTarget.prototype.dispatchEvent.call(globalThis, Object.assign(new Event("message"), { data: forged }));
        await new Promise((r) => setTimeout(r, 50));
        return globalThis.got`,
    },
    {
      name: "the worker's voice, by the list of who listens",
      code: `${FORGED_LOAD}
        for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
          const { listeners } = Object(globalThis[symbol]);
          for (const { callback } of listeners?.message ?? []) callback({ data: forged });
        }
        await new Promise((r) => setTimeout(r, 50));
        return globalThis.got`,
    },
    { name: "a function eval that can be reached", code: WALK },
    {
      name: "a file by the context",
      code: `return await context.readText(${secret})`,
    },
    {
      name: "a file by the context, upwards",
      code:
        `return await context.readText("../../../../../../../../../.." + ${secret})`,
    },
    {
      name: "a file by the context, through a link",
      code: `return await context.readText("link.txt")`,
    },
  ];
}

/** Has the sandbox load a module that was not checked, as if the worker asked. */
const FORGED_LOAD = `
  globalThis.got = 0;
  const entry = "data:text/javascript,globalThis.got = 2";
  const forged = { type: "load", entry, own: entry, granted: ["fetch"], about: {} };`;

/** What says that attempts are looked at at all. */
export const CONTROL: Attempt = { name: "itself", code: `return "out"` };

/** Follows every property from the global object on, and calls what it finds. */
const WALK = `
  const seen = new Set(), queue = [globalThis, context, data, Object.getPrototypeOf(async function* () {})];
  for (const it of queue) {
    if (seen.has(it) || seen.size > 1e5) continue;
    seen.add(it);
    for (const key of Reflect.ownKeys(it)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(it, key) ?? {};
      for (const next of [value, get, set]) {
        if (next !== null && /^(object|function)$/.test(typeof next)) queue.push(next);
      }
    }
    const up = Object.getPrototypeOf(it);
    if (up !== null) queue.push(up);
  }
  const found = [...seen].filter((it) => typeof it === "function")
    .filter((it) => ["eval", "readTextFile", "readFile", "dlopen", "Command", "Worker", "fetch", "evalContext", "opAsync"].includes(it.name))
    .map((it) => it.name).filter((name) => name !== "readFile");
  if (seen.size < 1000) return "it went nowhere";
  for (const it of [...seen].filter((it) => typeof it === "function" && /Function$/.test(it.name))) {
    try { found.push(it("return 2")()); } catch {}
  }
  return found.length > 0 && found`;

/** What may not be imported, each in a module of its own. */
export const REFUSED: readonly Refused[] = [
  ...[
    "npm:acorn",
    "jsr:@std/fs",
    "https://example.com/x.js",
    "http://127.0.0.1:1/x.js",
    "file:///etc/passwd",
    "data:text/javascript,export default 1",
    "blob:null/1",
    "node:fs",
    "node:child_process",
    "node:vm",
    "node:worker_threads",
    "node:module",
    "node:process",
    "fs",
    "acorn",
    "/etc/passwd",
    "ext:core/ops",
    "./beside.js?query",
  ].map((specifier) => ({
    name: `import "${specifier}"`,
    module: `import "${specifier}";\nexport const handle = (data) => data;`,
    says: /may not be imported.*at service\.js:1:8/,
  })),
  {
    name: "import of what lies above",
    module: `import "../outside.js";`,
    says: /leads out of the model's folder/,
  },
  {
    name: "import through a link",
    module: `export * from "./link.js";`,
    says: /"\.\/link\.js" leads out of the model's folder/,
  },
  {
    name: "import of JSON from outside",
    module: `import it from "../outside.json" with { type: "json" };`,
    says: /leads out of the model's folder/,
  },
  {
    name: "import of JSON through a link",
    module: `import it from "./link.json" with { type: "json" };`,
    says: /leads out of the model's folder/,
  },
  {
    name: "import of a text from the system",
    module: `import it from "/etc/passwd" with { type: "text" };`,
    says: /may not be imported/,
  },
  {
    name: "import of another type",
    module: `import it from "./beside.js" with { type: "bytes" };`,
    says: /a module of type "bytes" is not known/,
  },
  {
    name: "import of what is computed",
    module: `export const handle = (data) => import("node:" + "fs");`,
    says: /must be a text in quotes, at service\.js:1:40/,
  },
  {
    name: "import of a template",
    module: "export const handle = (data) => import(`node:fs`);",
    says: /must be a text in quotes/,
  },
  {
    name: "import() behind what looks like a comment",
    module: `export const handle = (a, b) => a / b /* / */ + import(b);`,
    says: /must be a text in quotes/,
  },
  {
    name: "import() in a template within a template",
    module: "export const handle = (b) => `${`${import(b)}`}`;",
    says: /must be a text in quotes/,
  },
  {
    name: "import of an escaped name",
    module: `import "\\x6eode:fs";`,
    says: /"node:fs" may not be imported/,
  },
  {
    name: "export from Node",
    module: `export * from "node:fs";`,
    says: /"node:fs" may not be imported/,
  },
  {
    name: "import() with computed options",
    module: `export const handle = (d) => import("./beside.js", d);`,
    says: /a module of type "" is not known/,
  },
  {
    name: "import with a hidden attribute",
    module: `import "./beside.js" with { type: "json", other: "x" };`,
    says: /is not known|attribute/,
  },
];

/** Returns a service that tries what it is told to, by number. */
export function escapingService(secret: Secret): string {
  const tries = [...attempts(secret), CONTROL].map(({ code }) =>
    `async function (data, context) { ${code} }`
  );
  return `
const tries = [${tries.join(",\n")}];
export async function handle(data, context) {
  const got = await tries[Number(data[0].text())](data, context);
  return [{ got: got ? String(got) : "" }];
}
`;
}
