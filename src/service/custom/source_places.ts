import { pathToFileURL } from "node:url";
import { withInstead } from "./instead.ts";
import type { Thrown } from "./messages.ts";
import type { ModuleFile } from "./module_file.ts";
import { shownLine } from "./source_error.ts";

/** Frames of a stack that are told. */
const MAX_FRAMES = 10;

/** What is said of an error of a service. */
export interface Explained {
  /** The message, and where and in what code it came up: one line. */
  readonly summary: string;
  /** The same, and how it came to that: several lines. */
  readonly stack: string;
}

/** Knows which line of which source a place in a staged module is. */
export class SourcePlaces {
  readonly #files: readonly ModuleFile[];
  readonly #place: RegExp;

  /** Takes the files in the order in which they were staged in `folder`. */
  constructor(files: readonly ModuleFile[], folder: string) {
    this.#files = files;
    const url = RegExp.escape(pathToFileURL(folder).href);
    this.#place = new RegExp(
      `(?:${url}|\\.)/(\\d+)\\.js(?:(?::(\\d+))?:(\\d+))?`,
      "g",
    );
  }

  /** The file that the handler names. */
  get entry(): string {
    return this.#files[0]?.name ?? "";
  }

  /** Explains what a service threw, in terms of its own files. */
  explain({ message, stack }: Thrown): Explained {
    const lines = stack.split("\n");
    const first = lines.findIndex((line) => /^\s+at /.test(line));
    const said = first > 0 ? lines.slice(0, first).join("\n") : message;
    const line = this.#named(said).replaceAll(/\s*\n\s*/g, " ");
    const title = withInstead(line);
    const frames = lines.slice(first < 0 ? lines.length : first)
      .filter((line) => this.#isOwn(line)).slice(0, MAX_FRAMES);
    const where = this.#where(frames[0]);
    const summary = where === undefined ? title : `${title}, at ${where}`;
    return {
      summary,
      stack: [summary, ...frames.map((line) => this.#named(line))].join("\n"),
    };
  }

  #isOwn(line: string): boolean {
    return [...line.matchAll(this.#place)].some(([place]) =>
      !place.startsWith(".")
    );
  }

  /** `service.ts:3:14: code` of the first place of a frame. */
  #where(frame: string | undefined): string | undefined {
    const [match] = frame?.matchAll(this.#place) ?? [];
    const file = match && this.#files[Number(match[1])];
    if (file === undefined) return undefined;
    const line = Number(match![2]);
    return `${file.name}:${line}:${match![3]}: ${shownLine(file.source, line)}`;
  }

  #named(text: string): string {
    return text.replaceAll(
      this.#place,
      (place, number, line, column) => {
        const file = this.#files[Number(number)];
        if (file === undefined) return place;
        return [file.name, line, column].filter((it) => it !== undefined)
          .join(":");
      },
    );
  }
}
