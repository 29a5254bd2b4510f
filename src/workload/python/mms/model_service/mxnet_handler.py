"""The base of services of format 1.0 that run a graph, without MXNet.

It stands in for `mxnet_model_service.py` of the original's template.
"""

from mms.model_service.model_files import ModelFiles
from mms.model_service.mxnet_model_service import (  # noqa: F401, services import them from here
    MXNetBaseService,
    SingleNodeService,
    check_input_shape,
)
from mms.model_service.own_graph import OwnGraph


class ModelHandler:
    """Answers in three stages, each of which subclasses may change."""

    def __init__(self):
        self.error = None
        self.initialized = False
        self._context = None
        self._batch_size = 0

    def initialize(self, context):
        """Gets ready for the first request."""
        self._context = context
        self._batch_size = context.system_properties["batch_size"]
        self.initialized = True

    def preprocess(self, batch):
        """Turns requests into inputs of the graph."""
        return batch

    def inference(self, model_input):
        """Turns inputs of the graph into its outputs."""
        return model_input

    def postprocess(self, inference_output):
        """Turns outputs of the graph into an answer for each request."""
        return inference_output

    def handle(self, data, context):
        """Answers a batch."""
        self.error = None
        return self.postprocess(self.inference(self.preprocess(data)))


class MXNetModelService(ModelHandler, OwnGraph):
    """Runs the archive's graph for one request at a time."""

    def __init__(self):
        super().__init__()
        self.mxnet_ctx = None
        self.labels = None
        self.signature = None
        self.epoch = 0

    def initialize(self, context):
        super().initialize(context)
        if self._batch_size != 1:
            raise AssertionError("Batch is not supported.")
        properties = context.system_properties
        arguments = (context.model_name, properties["model_dir"], context.manifest)
        files = ModelFiles(arguments, {})
        self.model_dir = files.folder
        self.signature = files.read_signature()
        self.labels = files.read_labels()
        if type(self).inference is MXNetModelService.inference:
            # What cannot be loaded should not wait for the first request.
            self.graph

    def preprocess(self, batch):
        names = [it["data_name"] for it in self.signature["inputs"]]
        fields = batch[0]
        values = [_first(fields, (name, "body", "data")) for name in names]
        return self.graph.arrays(values)

    def inference(self, model_input):
        """Nothing is run where a stage before has said what is wrong."""
        return None if self.error is not None else self.graph.run(model_input)

    def postprocess(self, inference_output):
        if self.error is not None:
            return [self.error] * self._batch_size
        return [str([it.asnumpy().tolist() for it in inference_output])]


def _first(fields, names):
    for name in names:
        if fields.get(name) is not None:
            return fields[name]
    return None
