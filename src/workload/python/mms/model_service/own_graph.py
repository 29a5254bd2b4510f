"""The archive's network, for services that run it."""

from functools import cached_property


class OwnGraph:
    """Opens the network when it is first used, by `signature` and `model_dir`.

    Both forms of it may be set by services that have a network of their own.
    """

    @cached_property
    def graph(self):
        """On onnxruntime, or on MXNet where only that is there."""
        from mms.model_service.graph import Graph

        return Graph(self.signature, self.model_dir)

    @cached_property
    def mx_model(self):
        """An `mxnet.mod.Module`, for services that drive it themselves."""
        from mms.model_service.mxnet_module import open_module

        return open_module(self.signature, self.model_dir)
