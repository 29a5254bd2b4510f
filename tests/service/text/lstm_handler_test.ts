import assert from "node:assert/strict";
import { openFolder } from "../../../src/archive/mod.ts";
import type { Binding } from "../../../src/service/binding.ts";
import { LstmHandler } from "../../../src/service/text/lstm_handler.ts";
import {
  readVocabulary,
  Vocabulary,
} from "../../../src/service/text/vocabulary.ts";
import { loadService, type Prediction } from "../../../src/service/mod.ts";
import type { Tensor } from "../../../src/tensor/mod.ts";
import { root } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp.ts";
import {
  imageBinding,
  imageInput,
  request,
} from "../image/support/bindings.ts";

const EXAMPLE = `${root}/fixtures/examples/language-model`;

const VOCABULARY = new Vocabulary(new Map([["a", 1], ["b", 2], ["c", 4]]));

function binding(shape: readonly number[]): Binding {
  return imageBinding({ inputs: [imageInput({ shape })] });
}

function sent(value: unknown, field = "body") {
  return request({
    [field]: new TextEncoder().encode(JSON.stringify(value)),
  });
}

function words(count: number) {
  return sent([{ input_sentence: Array(count).fill("a").join(" ") }]);
}

function json({ body }: Prediction): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

/** The numbers that a graph of that shape is given for a sentence. */
function fed(sentence: string, shape: readonly number[]): Tensor {
  const handler = new LstmHandler(binding(shape), VOCABULARY);
  return handler.preprocess(
    sent([{ input_sentence: sentence }]),
  )["graph_data"]!;
}

Deno.test("mms:lstm", async (t) => {
  await t.step(
    "numbers the words, 0 for what it does not know, up to the next bucket",
    () => {
      const { shape, data } = fed("B a  x c", [0, 1]);
      assert.deepEqual(shape, [10, 1]);
      assert.deepEqual([...data], [2, 1, 0, 0, 4, 0, 0, 0, 0, 0]);
      assert.deepEqual(fed("a ".repeat(10) + "a", [0, 1]).shape, [20, 1]);
      assert.deepEqual(fed("a ".repeat(59) + "a", [0, 1]).shape, [60, 1]);
    },
  );

  await t.step(
    "takes a graph of [1, words] and one for a fixed number of them",
    () => {
      assert.deepEqual(fed("a b", [0, 0]).shape, [1, 10]);
      assert.deepEqual(fed("a b", [1, 60]).shape, [1, 60]);
      assert.deepEqual(fed("a b", [60, 1]).shape, [60, 1]);
    },
  );

  await t.step(
    "answers with the likeliest word of each place in the bucket",
    () => {
      const handler = new LstmHandler(binding([0, 1]), VOCABULARY);
      const inputs = sent({ input_sentence: "a b" }, "data");
      handler.preprocess(inputs);
      const data = new Float32Array(10 * 5);
      data.set([0, 0.1, 0.7, 0, 0.2], 0);
      data.set([0, 0.4, 0, 0, 0.4], 5);
      const output: Tensor = { type: "float32", shape: [10, 5], data };
      assert.deepEqual(json(handler.postprocess({ scores: output }, inputs)), {
        prediction: "b a " + "\n ".repeat(8),
      });
      data[10 + 3] = 1;
      assert.throws(() => handler.postprocess({ scores: output }, inputs), {
        code: "prediction_failed",
        message: "Cannot name word 3: vocab_dict.txt does not have it",
      });
    },
  );

  await t.step("says what is wrong with what was sent", () => {
    const handler = new LstmHandler(binding([0, 1]), VOCABULARY);
    const right = '[{"input_sentence": "words"}] would be right';
    for (
      const [inputs, message] of [
        [
          words(61),
          'Cannot read "input_sentence": it has 61 words, at most 60 would be right',
        ],
        [
          sent([{ sentence: "a" }]),
          `Cannot read "input_sentence": it is not in field "body", ${right}`,
        ],
        [
          sent([{ input_sentence: 3 }]),
          `Cannot read "input_sentence": it is not in field "body", ${right}`,
        ],
        [
          request({}),
          `Cannot read "input_sentence": nothing was sent, ${right}`,
        ],
      ] as const
    ) {
      assert.throws(() => handler.preprocess(inputs), {
        code: "bad_request",
        message,
      });
    }
    assert.throws(
      () => handler.preprocess(request({ body: new Uint8Array([65]) })),
      { code: "bad_request", message: /it is not JSON|the body is not JSON/ },
    );
    const short = new LstmHandler(binding([1, 5]), VOCABULARY);
    assert.throws(() => short.preprocess(words(6)), {
      message:
        'Cannot read "input_sentence": it has 6 words, at most 5 would be right',
    });
  });

  await t.step("wants a graph with one sequence", () => {
    assert.throws(
      () => new LstmHandler(imageBinding(), VOCABULARY),
      {
        code: "invalid_model",
        message:
          "Cannot predict words: the graph takes [0,3,2,2], one input of [words, 1] or [1, words] would be right",
      },
    );
  });

  await t.step(
    "runs a checkpoint of mx.rnn, each sentence by itself",
    async () => {
      await using cache = await tempFolder();
      const archive = await openFolder(`${EXAMPLE}/model`);
      await using service = await loadService(archive, {
        threads: 1,
        handler: "mms:lstm",
        cacheFolder: cache.path,
      });
      await service.warmUp();
      const settled = await service.predict([
        sent([{ input_sentence: "The server loads unheard model" }]),
        sent([{ input_sentence: "what a network finds" }]),
      ]);
      assert.deepEqual(
        settled.map((it) => it.status === "fulfilled" && json(it.value)),
        [
          { prediction: `server loads your \n and ${"\n ".repeat(5)}` },
          { prediction: `a network finds \n ${"\n ".repeat(6)}` },
        ],
      );
    },
  );
});

Deno.test("readVocabulary()", async (t) => {
  await using folder = await tempFolder();

  await t.step("reads words and numbers, whatever follows them", async () => {
    await folder.write("vocab_dict.txt", "a 1\r\n\n 7\nb 2 3\n\\x 4\n");
    const vocabulary = await readVocabulary(folder.path);
    assert.deepEqual(
      ["a", "b", "\\x", "\n", "?"].map((word) => vocabulary.numberOf(word)),
      [1, 2, 4, 0, 0],
    );
    assert.deepEqual(
      [0, 2, 3].map((number) => vocabulary.wordOf(number)),
      ["\n", "b", undefined],
    );
  });

  await t.step("names the line that has no number", async () => {
    await folder.write("vocab_dict.txt", "a 1\nb two\n");
    await assert.rejects(readVocabulary(folder.path), {
      code: "invalid_model",
      message:
        'Cannot read "vocab_dict.txt": line 2 has "two" after its word, a number would be right',
    });
  });

  await t.step("says what is missing", async () => {
    await Deno.remove(`${folder.path}/vocab_dict.txt`);
    await assert.rejects(readVocabulary(folder.path), {
      code: "invalid_model",
      message:
        'Cannot load the words of the model: there is no "vocab_dict.txt" in it, a word, a space and its number in each line would be right',
    });
  });
});
