/**
 * The table of operators that README.md holds.
 *
 * @module
 */

import { operatorRows } from "../../src/mxnet/mod.ts";

/** Returns, as Markdown, the operators of MXNet that are converted, by family. */
export function operatorsTable(): string {
  const families = Map.groupBy(operatorRows(), ({ family }) => family);
  const rows = [...families].map(([family, operators]) => {
    const names = operators.map(({ name }) => `\`${name}\``).join(", ");
    return `| ${family} | ${names} |\n`;
  });
  return `| family | operators |\n| --- | --- |\n${rows.join("")}`;
}
