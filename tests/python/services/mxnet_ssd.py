"""Finds objects with MXNet itself, in the way of the original's example."""

import json
import os

import mxnet as mx


class MXNetDetector:
    def initialize(self, context):
        folder = context.system_properties["model_dir"]
        prefix = os.path.join(folder, context.manifest["model"]["modelName"])
        symbol, arguments, auxiliary = mx.model.load_checkpoint(prefix, 0)
        with open(os.path.join(folder, "signature.json")) as file:
            self.shape = json.load(file)["inputs"][0]["data_shape"]
        self.module = mx.mod.Module(symbol, label_names=None)
        self.module.bind(for_training=False, data_shapes=[("data", self.shape)])
        self.module.set_params(arguments, auxiliary, allow_missing=True)
        with open(os.path.join(folder, "synset.txt")) as lines:
            self.labels = [line.strip() for line in lines]

    def handle(self, data, context):
        return [self.detect(fields["body"]) for fields in data]

    def detect(self, picture):
        pixels = mx.image.imdecode(bytes(picture))
        height, width = pixels.shape[:2]
        small = mx.image.imresize(pixels, self.shape[3], self.shape[2], interp=2)
        batch = mx.nd.transpose(small, (2, 0, 1)).expand_dims(0)
        self.module.forward(mx.io.DataBatch([batch]))
        boxes = self.module.get_outputs()[0].asnumpy()[0]
        return [
            [
                self.labels[int(label)],
                int(x1 * width),
                int(y1 * height),
                int(x2 * width),
                int(y2 * height),
            ]
            for label, score, x1, y1, x2, y2 in boxes
            if label >= 0 and score > 0.2
        ]
