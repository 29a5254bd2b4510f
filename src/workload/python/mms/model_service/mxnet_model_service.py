"""The base of services of format 0.x that run a graph, with or without MXNet."""

from mms.model_service.model_files import bound_shapes
from mms.model_service.model_service import (  # noqa: F401, services import them from here
    ModelService,
    SingleNodeService,
)
from mms.model_service.own_graph import OwnGraph


class MXNetBaseService(SingleNodeService, OwnGraph):
    """Runs the archive's graph: arrays in, arrays out."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.labels = self.files.read_labels()
        self.data_shapes = bound_shapes(self.signature)
        self.data_names = [name for name, _ in self.data_shapes]

    def initialize(self, context):
        super().initialize(context)
        if type(self)._inference is MXNetBaseService._inference:
            # What cannot be loaded should not wait for the first request.
            self.graph


    def _preprocess(self, data):
        return self.graph.arrays(data)

    def _inference(self, data):
        return self.graph.run(data)

    def _postprocess(self, data):
        return [str(output.asnumpy().tolist()) for output in data]


def check_input_shape(inputs, signature):
    """Raises `AssertionError` unless each input has the shape that is signed.

    An extent of 0, and that of the batch, may be any.
    """
    signed = signature["inputs"]
    if not isinstance(inputs, (list, tuple)):
        raise AssertionError("inputs are a list, not " + type(inputs).__name__)
    if len(inputs) != len(signed):
        raise AssertionError(
            "there are {} inputs, the signature has {}".format(len(inputs), len(signed))
        )
    for value, it in zip(inputs, signed):
        shape, wanted = tuple(value.shape), tuple(it["data_shape"])
        pairs = list(zip(shape, wanted))[1:]
        if len(shape) != len(wanted) or any(w and w != own for own, w in pairs):
            raise AssertionError(
                'input "{}" is {}, the signature has {}'.format(
                    it["data_name"], shape, wanted
                )
            )


def __getattr__(name):
    """Where services of Gluon networks import their base from."""
    if name in ("GluonImperativeBaseService", "GluonBaseService"):
        from mms.model_service import gluon_base_service

        return getattr(gluon_base_service, name)
    raise AttributeError(name)
