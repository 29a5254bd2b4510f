"""Arrays as MXNet has them: on numpy, unless a service has imported MXNet."""

import sys

import numpy


class NDArray(numpy.ndarray):
    """A numpy array with the methods that services of MXNet call."""

    def asnumpy(self):
        return self.view(numpy.ndarray)

    def asscalar(self):
        return self.item()

    def softmax(self, axis=-1):
        powers = numpy.exp(self - self.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)


def as_ndarray(array):
    """Returns any array as one of these, or as MXNet's own."""
    array = numpy.asarray(array)
    mxnet = imported_mxnet()
    if mxnet is not None:
        return mxnet.nd.array(array, dtype=array.dtype)
    return array.view(NDArray)


def imported_mxnet():
    """Returns MXNet for services that use it themselves, else None."""
    return sys.modules.get("mxnet")


def as_numpy(array):
    """Returns any array, MXNet's own too, as numpy has it."""
    return array.asnumpy() if hasattr(array, "asnumpy") else numpy.asarray(array)
