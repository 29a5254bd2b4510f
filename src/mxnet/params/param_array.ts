import { invalidModel, quoted } from "../conversion_error.ts";
import type { ElementType } from "../element_type.ts";
import type { Shape } from "../../tensor/mod.ts";

/** One array of a parameter file; its elements are read when asked for. */
export interface ParamArray {
  /** The name without `arg:` or `aux:`. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  /**
   * Where the elements lie in the parameter file, little-endian and row-major
   * without gaps; absent if they are stored in another way.
   */
  readonly location?: { readonly offset: number; readonly length: number };
  /**
   * Yields the elements, little-endian and row-major, in chunks.
   *
   * @throws {MmsError} `invalid_model` if they are not as the index said
   */
  read(): AsyncIterable<Uint8Array>;
}

/** What a parameter file holds. */
export interface ParamFile {
  /** The file's name, as it was given. */
  readonly fileName: string;
  /** Arrays by name. */
  readonly arrays: ReadonlyMap<string, ParamArray>;
  /** What is odd about the file without making it unusable. */
  readonly warnings: readonly string[];
}

/**
 * Returns a parameter file with its arrays by name, without `arg:` and `aux:`.
 *
 * @throws {MmsError} `invalid_model` if a name occurs twice
 */
export function paramFileOf(
  fileName: string,
  entries: readonly ParamArray[],
  warnings: readonly string[],
): ParamFile {
  const arrays = new Map<string, ParamArray>();
  for (const entry of entries) {
    const name = entry.name.replace(/^(arg|aux):/, "");
    if (arrays.has(name)) {
      throw invalidModel(
        `Cannot read parameters ${quoted(fileName)}: it has two arrays named ${
          quoted(name)
        }`,
      );
    }
    arrays.set(name, { ...entry, name });
  }
  return { fileName, arrays, warnings };
}
