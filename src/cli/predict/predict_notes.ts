import { zooNames } from "../../archive/mod.ts";

/** Returns the notes below the help of `mms predict`. */
export function predictNotes(): string {
  return `
INPUT is a picture, a JSON file, a pattern such as "photos/*.jpg", or - for
standard input. A model with several inputs takes a JSON file with a key for
each, or FIELD=FILE for each.

REF is an archive (.mar, .model, .tar.gz), a folder, an .onnx file, a url, the
prefix of a checkpoint, or a name: digits comes with mms, and from the zoo are
${wrap(zooNames().join(", "))}.

Without --model the archive that was embedded at compile time runs, or else
squeezenet1.1 of the zoo, which is downloaded once.

Examples:
  $ mms predict kitten.jpg
  $ mms predict --model digits --top 3 --json photos/*.png
  $ cat input.json | mms predict --model model.mar -
`;
}

function wrap(text: string): string {
  return text.replaceAll(/(.{1,76})(?: |$)/g, "$1\n").trimEnd();
}
