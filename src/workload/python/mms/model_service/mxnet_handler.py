"""The base of services of format 1.0 that run a graph, without MXNet.

It stands in for `mxnet_model_service.py` of the original's template.
"""

from functools import cached_property

from mms.model_service.model_files import ModelFiles
from mms.model_service.mxnet_model_service import (  # noqa: F401, services import them from here
    MXNetBaseService,
    SingleNodeService,
    check_input_shape,
)


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


class MXNetModelService(ModelHandler):
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
        self._folder = files.folder
        self.signature = files.read_signature()
        self.labels = files.read_labels()
        if type(self).inference is MXNetModelService.inference:
            # What cannot be loaded should not wait for the first request.
            self.graph

    @cached_property
    def graph(self):
        """The network; numpy and onnxruntime are needed from here on."""
        from mms.model_service.graph import Graph

        return Graph(self.signature, self._folder)

    @cached_property
    def mx_model(self):
        """The network as an `mxnet.mod.Module`, for services that drive it themselves."""
        from mms.model_service.mxnet_module import open_module

        return open_module(self.signature, self._folder)

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
