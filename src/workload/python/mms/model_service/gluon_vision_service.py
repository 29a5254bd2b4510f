"""The base of services of Gluon networks that classify pictures."""

import numpy

from mms.model_service.gluon_base_service import GluonImperativeBaseService
from mms.utils.mxnet import image, ndarray
from mms.utils.mxnet.array import as_ndarray, as_numpy

# Of ImageNet, for values from 0 to 1.
MEAN = numpy.array([0.485, 0.456, 0.406])
STD = numpy.array([0.229, 0.224, 0.225])
LINEAR = 1


class GluonVisionService(GluonImperativeBaseService):
    """Answers a picture with the five classes that it most likely shows."""

    def _preprocess(self, data):
        return [self._pixels(picture, i) for i, picture in enumerate(data)]

    def _pixels(self, picture, i):
        height, width = self.signature["inputs"][i]["data_shape"][2:]
        pixels = image.resize(image.read(picture), width, height, LINEAR)
        shares = as_numpy(pixels).astype(numpy.float32) / 255
        return image.transform_shape(image.color_normalize(shares, MEAN, STD))

    def _inference(self, data):
        return as_ndarray(as_numpy(self.net(*data))).softmax()

    def _postprocess(self, data):
        return [[ndarray.top_probability(row, self.labels, top=5) for row in data]]
