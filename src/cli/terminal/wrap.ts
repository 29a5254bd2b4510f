/** Returns a text as lines of at most `width` characters, longer words apart. */
export function wrap(text: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The width that texts are written for, in characters. */
const WRITTEN_FOR = 80;

/** What stays on its line: examples, and all else that is indented. */
const FIXED = /^(\s|$)/;

/**
 * Returns a text whose paragraphs fit on a terminal that is narrower than they
 * were written for; what is indented stays as it is.
 */
export function fitParagraphs(text: string, columns: number): string {
  if (columns >= WRITTEN_FOR) return text;
  const fitted: string[] = [];
  let paragraph: string[] = [];
  for (const line of [...text.split("\n"), ""]) {
    if (!FIXED.test(line)) {
      paragraph.push(line);
      continue;
    }
    if (paragraph.length > 0) {
      fitted.push(...wrap(paragraph.join(" "), columns));
    }
    paragraph = [];
    fitted.push(line);
  }
  return fitted.slice(0, -1).join("\n");
}
