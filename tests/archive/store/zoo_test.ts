import assert from "node:assert/strict";
import { parseSignature } from "../../../src/archive/model/signature.ts";
import {
  DEFAULT_ZOO_MODEL,
  findZooModel,
  ZOO_URL,
  zooLabels,
  zooModels,
  zooNames,
  zooSignature,
} from "../../../src/archive/store/zoo.ts";
import zoo from "../../../src/archive/store/zoo.json" with { type: "json" };

const LICENCES = ["Apache-2.0", "BSD-3-Clause", "MIT"];

Deno.test("findZooModel()", async (t) => {
  await t.step("finds a model by its full name", () => {
    assert.equal(findZooModel("resnet50-v1-7")?.name, "resnet50-v1-7");
  });
  await t.step("takes the highest opset where none is named", () => {
    assert.equal(findZooModel("mobilenetv2")?.name, "mobilenetv2-12");
  });
  await t.step("knows the default model", () => {
    const model = findZooModel(DEFAULT_ZOO_MODEL);
    assert.equal(model?.bytes, 4956208);
    assert.equal(
      model?.sha256,
      "1eeff551a67ae8d565ca33b572fc4b66e3ef357b0eb2863bb9ff47a918cc4088",
    );
  });
  await t.step("answers undefined for other names", () => {
    for (const name of ["", "resnet", "resnet50-v1-", "../x", "__proto__"]) {
      assert.equal(findZooModel(name), undefined, name);
    }
  });
});

Deno.test("zooNames() are in order and found, each of them", () => {
  const names = zooNames();
  assert.deepEqual(names, names.toSorted());
  assert.ok(names.includes("squeezenet1.1"));
  for (const name of names) assert.ok(findZooModel(name), name);
});

Deno.test("every zoo model is complete", async () => {
  const names = new Set<string>();
  for (const model of zooModels()) {
    const { name } = model;
    assert.ok(!names.has(name), `${name} is there twice`);
    names.add(name);
    assert.match(model.sha256, /^[0-9a-f]{64}$/, name);
    assert.ok(model.bytes > 0, name);
    assert.ok(LICENCES.includes(model.licence), name);
    assert.ok(Object.hasOwn(zoo.preprocess, model.preprocess), name);
    assert.ok(model.urls.length > 0, name);
    for (const url of model.urls) {
      assert.equal(new URL(url, ZOO_URL).protocol, "https:", name);
    }
    const classes = model.output.shape[1];
    assert.equal((await zooLabels(model)).length, classes, name);
  }
  assert.ok(names.size > 40);
});

Deno.test("zooSignature() passes the signature's checks for every model", () => {
  for (const model of zooModels()) {
    const value: unknown = JSON.parse(JSON.stringify(zooSignature(model)));
    const signature = parseSignature({ file: model.name, where: "", value });
    assert.equal(signature.inputType, "image/jpeg", model.name);
    assert.equal(signature.inputs[0]?.shape.length, 4, model.name);
    assert.equal(signature.outputs[0]?.softmax, model.output.softmax);
  }
});

Deno.test("zooLabels() of ImageNet are ids and names in their order", async () => {
  const labels = await zooLabels(zooModels()[0]!);
  assert.equal(labels[0], "n01440764 tench, Tinca tinca");
  assert.equal(labels[281], "n02123045 tabby, tabby cat");
  assert.equal(labels[285], "n02124075 Egyptian cat");
  assert.equal(labels[999]?.slice(0, 9), "n15075141");
  assert.deepEqual(labels, labels.toSorted());
});
