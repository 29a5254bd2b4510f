"""The base of services of format 0.x that run a graph, without MXNet."""

import os

from mms.model_service.model_service import (  # noqa: F401, services import them from here
    ModelService,
    SingleNodeService,
)


class MXNetBaseService(SingleNodeService):
    """Runs the archive's graph: arrays in, arrays out."""

    def __init__(self, model_name, model_dir, manifest, gpu=None):
        super().__init__(model_name, model_dir, manifest, gpu)
        self.labels = _read_labels(model_dir)

    def initialize(self, context):
        super().initialize(context)
        # Only here are numpy and onnxruntime needed.
        from mms.model_service.graph import Graph

        self.graph = Graph(it["data_name"] for it in self.signature["inputs"])

    def _preprocess(self, data):
        return self.graph.arrays(data)

    def _inference(self, data):
        return self.graph.run(data)

    def _postprocess(self, data):
        return [str(output.asnumpy().tolist()) for output in data]


def _read_labels(folder):
    for file in ("synset.txt", os.path.join("assets", "synset.txt")):
        path = os.path.join(folder, file)
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as lines:
                return [line.strip() for line in lines]
    return None
