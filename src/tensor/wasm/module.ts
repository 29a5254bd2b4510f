import { type Code, flatten, TYPE, unsigned } from "./instructions.ts";

/** One exported function without results. */
export interface WasmFunction {
  readonly name: string;
  /** The types of its parameters, which are its first locals. */
  readonly parameters: readonly (keyof typeof TYPE)[];
  /** The types of its other locals, which start as 0. */
  readonly locals: readonly (keyof typeof TYPE)[];
  readonly code: Code;
}

/**
 * Writes a WebAssembly module that exports some functions and a `memory`
 * (WebAssembly 2.0 core specification, §5.5).
 *
 * @param memory `own`: one page to begin with; `imported`: `env.memory`
 */
export function wasmModule(
  functions: readonly WasmFunction[],
  memory: "own" | "imported" = "own",
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    vector(parameters.map((type) => TYPE[type])),
    vector([]),
  ]);
  const exports = functions.map(({ name }, i) => [text(name), 0x00, i]);
  return Uint8Array.from(flatten([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // \0asm, version 1
    section(1, vector(types)),
    memory === "imported" ? section(2, vector([IMPORTED_MEMORY])) : [],
    section(3, vector(functions.map((_, i) => i))),
    memory === "own" ? section(5, vector([[0x00, 1]])) : [],
    section(7, vector([...exports, [text("memory"), 0x02, 0]])),
    section(10, vector(functions.map(body))),
  ]));
}

/** From `env`, of any size. */
const IMPORTED_MEMORY: Code = [text("env"), text("memory"), 0x02, 0x00, 0];

function body({ locals, code }: WasmFunction): Code {
  const END = 0x0b;
  const declared = vector(locals.map((type) => [1, TYPE[type]]));
  return sized([declared, code, END]);
}

function section(id: number, content: Code): Code {
  return [id, sized(content)];
}

function sized(content: Code): Code {
  const bytes = Uint8Array.from(flatten(content));
  return [unsigned(bytes.length), bytes];
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function text(name: string): Code {
  return sized(new TextEncoder().encode(name));
}
