"""Classifies pictures with MXNet itself, in the way of the original's services."""

import os

import mxnet as mx
import numpy as np


class MXNetVision:
    def __init__(self):
        self.module = None

    def initialize(self, context):
        folder = context.system_properties["model_dir"]
        prefix = os.path.join(folder, context.manifest["model"]["modelName"])
        symbol, arguments, auxiliary = mx.model.load_checkpoint(prefix, 0)
        self.module = mx.mod.Module(symbol, label_names=None)
        self.module.bind(for_training=False, data_shapes=[("data", (1, 3, 32, 32))])
        self.module.set_params(arguments, auxiliary, allow_missing=True)
        with open(os.path.join(folder, "synset.txt")) as lines:
            self.labels = [line.strip() for line in lines]

    def handle(self, data, context):
        return [self.classify(fields["body"]) for fields in data]

    def classify(self, picture):
        pixels = mx.image.imdecode(bytes(picture))
        pixels = mx.image.imresize(pixels, 32, 32, interp=2)
        batch = mx.nd.transpose(pixels, (2, 0, 1)).expand_dims(0)
        self.module.forward(mx.io.DataBatch([batch]))
        scores = np.squeeze(self.module.get_outputs()[0].asnumpy())
        best = np.argsort(scores)[::-1][:5]
        return [
            {"probability": float(scores[i]), "class": self.labels[i]} for i in best
        ]
