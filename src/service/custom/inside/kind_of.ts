/** Says what kind of value that is, with its article: `a Map`, `undefined`. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return named(typeof value);
  const { constructor } = value;
  const name = typeof constructor === "function" ? constructor.name : "";
  return name === "" || name === "Object" ? "an object" : named(name);
}

function named(kind: string): string {
  return `${/^[AEIOU]/i.test(kind) ? "an" : "a"} ${kind}`;
}
