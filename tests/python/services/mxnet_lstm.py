"""Predicts words with MXNet itself, unrolled by bucket as the original's example."""

import bisect
import os

import mxnet as mx

BUCKETS = [10, 20, 30, 40, 50, 60]
LAYERS = 2


class MXNetWords:
    def initialize(self, context):
        folder = context.system_properties["model_dir"]
        self.vocabulary = {"\n": 0}
        with open(os.path.join(folder, "vocab_dict.txt")) as lines:
            for line in lines:
                word, number = line.split(" ")
                self.vocabulary[word] = int(number)
        self.words = {number: word for word, number in self.vocabulary.items()}
        count = len(self.vocabulary)
        cells = mx.rnn.FusedRNNCell(count, num_layers=LAYERS, mode="lstm").unfuse()

        def unrolled(length):
            cells.reset()
            embedded = mx.sym.Embedding(
                mx.sym.Variable("data"), input_dim=count, output_dim=count, name="embed"
            )
            outputs, _ = cells.unroll(length, inputs=embedded, merge_outputs=True)
            flat = mx.sym.Reshape(outputs, shape=(-1, count))
            scores = mx.sym.FullyConnected(flat, num_hidden=count, name="pred")
            return mx.sym.softmax(scores, name="softmax"), ("data",), None

        self.module = mx.mod.BucketingModule(unrolled, default_bucket_key=BUCKETS[-1])
        self.module.bind([("data", (1, BUCKETS[-1]))], for_training=False)
        prefix = os.path.join(folder, context.manifest["model"]["modelName"])
        _, arguments, auxiliary = mx.rnn.load_rnn_checkpoint(cells, prefix, 100)
        self.module.set_params(arguments, auxiliary)

    def handle(self, data, context):
        return [self.predict(fields["body"]) for fields in data]

    def predict(self, body):
        words = body[0]["input_sentence"].lower().split(" ")
        numbers = [self.vocabulary.get(word, 0) for word in words]
        bucket = BUCKETS[bisect.bisect_left(BUCKETS, len(numbers))]
        padded = mx.nd.array([numbers + [0] * (bucket - len(numbers))])
        self.module.forward(
            mx.io.DataBatch(
                [padded],
                bucket_key=bucket,
                provide_data=[mx.io.DataDesc("data", (1, bucket))],
            )
        )
        likeliest = mx.nd.argmax(self.module.get_outputs()[0], axis=1).asnumpy()
        return {"prediction": "".join(self.words[int(it)] + " " for it in likeliest)}
