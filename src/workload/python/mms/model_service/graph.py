"""The archive's graph, on onnxruntime."""

import numpy

from mms.utils.mxnet.array import as_ndarray, as_numpy
from mms.worker.graph import open_session


class Graph:
    """Takes values in the order of `names`, those of its inputs."""

    def __init__(self, names):
        self._session = open_session()
        inputs = self._session.get_inputs()
        self._types = {it.name: _dtype(it.type) for it in inputs}
        self._inputs = names = list(names)
        # Names that the graph does not know are bound by their order.
        self._names = names if set(names) <= set(self._types) else list(self._types)

    def arrays(self, values):
        """Returns nested lists, or any arrays, as arrays of float32.

        One object may hold them all by the names of the inputs.
        """
        if len(values) == 1 and isinstance(values[0], dict):
            values = [values[0][name] for name in self._inputs]
        return [as_ndarray(as_numpy(value).astype(numpy.float32)) for value in values]

    def run(self, values):
        """Returns the outputs for one array for each input."""
        feeds = {
            name: as_numpy(value).astype(self._types[name], copy=False)
            for name, value in zip(self._names, values)
        }
        return [as_ndarray(output) for output in self._session.run(None, feeds)]


def _dtype(onnx_type):
    """`tensor(float)` and its like, as numpy calls them."""
    name = onnx_type[len("tensor(") : -1]
    return {"float": "float32", "double": "float64"}.get(name, name)
