"""The base of services of format 0.x that run a graph, without MXNet."""

import os

import numpy

from mms.model_service.model_service import (  # noqa: F401, services import them from here
    ModelService,
    SingleNodeService,
)
from mms.utils.mxnet.array import as_numpy, asnumpy_list
from mms.worker.graph import open_session


class MXNetBaseService(SingleNodeService):
    """Runs the archive's graph: arrays in, arrays out."""

    def __init__(self, model_name, model_dir, manifest, gpu=None):
        super().__init__(model_name, model_dir, manifest, gpu)
        self.labels = _read_labels(model_dir)

    def initialize(self, context):
        super().initialize(context)
        self.session = open_session()
        bound = {it.name for it in self.session.get_inputs()}
        names = [it["data_name"] for it in self.signature["inputs"]]
        # Names that the graph does not know are bound by their order.
        if not bound.issuperset(names):
            names = [it.name for it in self.session.get_inputs()]
        self._names = names

    def _preprocess(self, data):
        return [numpy.asarray(as_numpy(value), dtype=numpy.float32) for value in data]

    def _inference(self, data):
        types = {it.name: it.type for it in self.session.get_inputs()}
        feeds = {
            name: as_numpy(value).astype(_dtype(types[name]), copy=False)
            for name, value in zip(self._names, data)
        }
        return asnumpy_list(self.session.run(None, feeds))

    def _postprocess(self, data):
        return [str(output.asnumpy().tolist()) for output in data]


def _read_labels(folder):
    for file in ("synset.txt", os.path.join("assets", "synset.txt")):
        path = os.path.join(folder, file)
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as lines:
                return [line.strip() for line in lines]
    return None


def _dtype(onnx_type):
    """`tensor(float)` and its like, as numpy calls them."""
    name = onnx_type[len("tensor(") : -1]
    return {"float": "float32", "double": "float64"}.get(name, name)
