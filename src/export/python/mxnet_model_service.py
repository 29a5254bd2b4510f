"""Answers arrays with arrays.

Every input that signature.json names is taken as nested lists of numbers, and
every output of the model is answered as nested lists. As it stands this file
runs inside of mms, without Python; change a line and it runs as Python, which
needs numpy.
"""

from mms.model_service import mxnet_model_service


class MXNetModelService(mxnet_model_service.MXNetBaseService):
    """Any model, with numbers in and numbers out."""

    def _postprocess(self, data):
        return [output.asnumpy().tolist() for output in data]
