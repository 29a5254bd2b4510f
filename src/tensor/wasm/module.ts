import { type Code, TYPE, unsigned } from "./instructions.ts";

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
 * Writes a WebAssembly module that exports some functions and a `memory` of
 * one page to begin with (WebAssembly 2.0 core specification, §5.5).
 */
export function wasmModule(
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map((type) => [TYPE[type]])),
    ...vector([]),
  ]);
  const exports = functions.map(({ name }, i) => [...text(name), 0x00, i]);
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // \0asm, version 1
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, i) => [i]))),
    ...section(5, vector([[0x00, 1]])),
    ...section(7, vector([...exports, [...text("memory"), 0x02, 0]])),
    ...section(10, vector(functions.map(body))),
  );
}

function body({ locals, code }: WasmFunction): Code {
  const END = 0x0b;
  const declared = vector(locals.map((type) => [1, TYPE[type]]));
  return sized([...declared, ...code, END]);
}

function section(id: number, content: Code): Code {
  return [id, ...sized(content)];
}

function sized(content: Code): Code {
  return [...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name: string): Code {
  return sized([...new TextEncoder().encode(name)]);
}
