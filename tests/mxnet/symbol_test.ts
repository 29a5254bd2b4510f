import assert from "node:assert/strict";
import { MmsError } from "../../src/errors.ts";
import { parseSymbol } from "../../src/mxnet/symbol/parse_symbol.ts";

const node = (op: string, name: string, ...inputs: readonly number[]) => ({
  op,
  name,
  inputs: inputs.map((id) => [id, 0, 0]),
});
const symbol = (nodes: readonly unknown[], heads: readonly unknown[]) =>
  JSON.stringify({ nodes, heads, arg_nodes: [] });

function rejects(text: string, message: RegExp): void {
  assert.throws(() => parseSymbol(text), (error) => {
    assert.ok(error instanceof MmsError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("parseSymbol() reads the attributes of every release", () => {
  for (const key of ["param", "attr", "attrs"]) {
    const { nodes } = parseSymbol(
      symbol([{ ...node("X", "x"), [key]: { a: "1" } }], [[0, 0]]),
    );
    assert.equal(nodes[0]!.attributes.get("a"), "1");
  }
});

Deno.test("parseSymbol() gives a BatchNorm of 0.8 the statistics it does not list", () => {
  const variables = ["data", "gamma", "beta"].map((name) => node("null", name));
  const { nodes } = parseSymbol(
    symbol([...variables, node("BatchNorm", "bn", 0, 1, 2)], [[3, 0]]),
  );
  assert.deepEqual(
    nodes[3]!.inputs.map((entry) => nodes[entry.node]!.name),
    ["data", "gamma", "beta", "bn_moving_mean", "bn_moving_var"],
  );
});

Deno.test("parseSymbol() takes argmax with axis −1 for global before 0.9.5", () => {
  const nodes = [node("null", "x"), {
    ...node("argmax", "a", 0),
    attrs: { axis: "-1" },
  }];
  const at = (version: number) =>
    parseSymbol(JSON.stringify({
      nodes,
      heads: [[1, 0]],
      attrs: { mxnet_version: ["int", version] },
    })).nodes[1]!.attributes.get("axis");
  assert.equal(at(904), undefined);
  assert.equal(at(905), "-1");
});

Deno.test("parseSymbol() sorts nodes that stand in another order", () => {
  const { order } = parseSymbol(
    symbol([node("X", "c", 1), node("X", "b", 2), node("null", "a")], [[0, 0]]),
  );
  assert.deepEqual(order, [2, 1, 0]);
});

Deno.test("parseSymbol() says what is wrong with what is not a symbol", async (t) => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "not json", /Cannot read the symbol: /],
    ["a list", "[]", /not a JSON object/],
    ["no nodes", "{}", /no list "nodes"/],
    [
      "empty, as in archives that carry their own code",
      symbol([], []),
      /no nodes/,
    ],
    ["no heads", symbol([node("null", "x")], []), /0 heads/],
    [
      "a head that is not there",
      symbol([node("null", "x")], [[1, 0]]),
      /heads has the input .*below 1/,
    ],
    [
      "an input that is not there",
      symbol([node("X", "x", 9)], [[0, 0]]),
      /node 0 "x" has the input .*below 1/,
    ],
    [
      "a node that needs itself",
      symbol([node("X", "x", 0)], [[0, 0]]),
      /"x" needs its own output/,
    ],
    [
      "a circle",
      symbol([node("X", "x", 1), node("X", "y", 0)], [[0, 0]]),
      /needs its own output/,
    ],
    [
      "a variable with inputs",
      symbol([node("null", "x", 1), node("null", "y")], [[0, 0]]),
      /variable with inputs/,
    ],
    [
      "a name that is no text",
      symbol([{ op: "X", name: 1, inputs: [] }], [[0, 0]]),
      /node 0 has no text "name"/,
    ],
    ["too deep", "[".repeat(100_000), /nested 65 deep/],
  ];
  for (const [name, text, message] of cases) {
    await t.step(name, () => rejects(text, message));
  }
});

Deno.test("parseSymbol() refuses ten million nodes before they take memory", () => {
  const text = `{"nodes": [${"{},".repeat(10_000_000)}{}], "heads": [[0, 0]]}`;
  const before = Deno.memoryUsage().heapUsed;
  rejects(text, /too many values|characters/);
  assert.ok(Deno.memoryUsage().heapUsed - before < 100 << 20);
});

Deno.test("parseSymbol() follows a chain of a hundred thousand nodes", () => {
  const chain = Array.from(
    { length: 100_000 },
    (_, i) => i === 0 ? node("null", "x") : node("X", `n${i}`, i - 1),
  );
  assert.equal(parseSymbol(symbol(chain, [[99_999, 0]])).order.length, 100_000);
});
