"""The archive's graph, on onnxruntime, or on MXNet where only that is there."""

import numpy

from mms.utils.mxnet.array import as_ndarray, as_numpy
from mms.worker.graph import open_session


class Graph:
    """Takes values in the order of the inputs that a signature names."""

    def __init__(self, signature, folder):
        self._inputs = [it["data_name"] for it in signature["inputs"]]
        try:
            import onnxruntime  # noqa: F401
        except ImportError as missing:
            self._engine = _mxnet_engine(signature, folder, missing)
        else:
            self._engine = _OnnxEngine(self._inputs, folder)

    def arrays(self, values):
        """Returns nested lists, or any arrays, as arrays of float32.

        One object may hold them all by the names of the inputs.
        """
        if len(values) == 1 and isinstance(values[0], dict):
            values = [values[0][name] for name in self._inputs]
        return [as_ndarray(as_numpy(value).astype(numpy.float32)) for value in values]

    def run(self, values):
        """Returns the outputs for one array for each input."""
        arrays = [as_numpy(value) for value in values]
        return [as_ndarray(output) for output in self._engine.run(arrays)]


class _OnnxEngine:
    def __init__(self, names, folder):
        self._session = open_session(folder)
        inputs = self._session.get_inputs()
        self._types = {it.name: _dtype(it.type) for it in inputs}
        # Names that the graph does not know are bound by their order.
        self._names = names if set(names) <= set(self._types) else list(self._types)

    def run(self, arrays):
        feeds = {
            name: array.astype(self._types[name], copy=False)
            for name, array in zip(self._names, arrays)
        }
        return self._session.run(None, feeds)


class _MxnetEngine:
    def __init__(self, module):
        self._module = module

    def run(self, arrays):
        import mxnet

        batch = mxnet.io.DataBatch([mxnet.nd.array(array) for array in arrays])
        self._module.forward(batch, is_train=False)
        return [output.asnumpy() for output in self._module.get_outputs()]


def _mxnet_engine(signature, folder, missing):
    from mms.model_service.mxnet_module import open_module

    try:
        return _MxnetEngine(open_module(signature, folder))
    except ImportError:
        # onnxruntime is the one of the two to install.
        raise missing


def _dtype(onnx_type):
    """`tensor(float)` and its like, as numpy calls them."""
    name = onnx_type[len("tensor(") : -1]
    return {"float": "float32", "double": "float64"}.get(name, name)
