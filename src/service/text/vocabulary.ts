import { join } from "node:path";
import { readBoundedFile } from "../../archive/mod.ts";
import { MmsError } from "../../errors.ts";

const FILE = "vocab_dict.txt";

/** Millions of words. */
const MAX_BYTES = 64 * 1024 ** 2;

/** What stands for the end of a sentence, and for words that are not known. */
export const INVALID_WORD = "\n";
const INVALID_NUMBER = 0;

/** The words that a language model knows, by number and the other way round. */
export class Vocabulary {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #words: ReadonlyMap<number, string>;

  /** Takes the number of each word. */
  constructor(numbers: ReadonlyMap<string, number>) {
    this.#numbers = new Map([[INVALID_WORD, INVALID_NUMBER], ...numbers]);
    this.#words = new Map(
      Array.from(this.#numbers, ([word, number]) => [number, word]),
    );
  }

  /** Returns the number of a word: 0 if it is not known. */
  numberOf(word: string): number {
    return this.#numbers.get(word) ?? INVALID_NUMBER;
  }

  /** Returns the word of a number, `undefined` if there is none. */
  wordOf(number: number): string | undefined {
    return this.#words.get(number);
  }
}

/**
 * Reads `vocab_dict.txt`: a word, a space and the word's number in each line.
 * Lines without a word are left out.
 *
 * @throws {MmsError} `invalid_model` if it is not there, or a line has no
 * number; `invalid_archive` if it is too large
 */
export async function readVocabulary(folder: string): Promise<Vocabulary> {
  const text = new TextDecoder().decode(await readVocabularyFile(folder));
  const numbers = new Map<string, number>();
  for (const [i, line] of text.split("\n").entries()) {
    const [word, number] = line.trimEnd().split(" ");
    if (word === "" || number === undefined) continue;
    if (!/^\d{1,9}$/.test(number)) {
      throw new MmsError(
        "invalid_model",
        `Cannot read "${FILE}": line ${
          i + 1
        } has "${number}" after its word, a number would be right`,
      );
    }
    numbers.set(word!, Number(number));
  }
  return new Vocabulary(numbers);
}

async function readVocabularyFile(folder: string): Promise<Uint8Array> {
  try {
    return await readBoundedFile(join(folder, FILE), {
      what: FILE,
      limit: MAX_BYTES,
    });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code !== "ENOENT") throw error;
    throw new MmsError(
      "invalid_model",
      `Cannot load the words of the model: there is no "${FILE}" in it, a word, a space and its number in each line would be right`,
      { cause: error },
    );
  }
}
