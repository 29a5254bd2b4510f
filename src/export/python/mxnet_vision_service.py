"""Answers a picture with the classes that it most likely shows.

The picture becomes an array of the height and width that signature.json states
for the model's input, [1, 3, height, width] with values from 0 to 255.

To answer with other than five classes write "top": 10 into signature.json, no
code is needed for that. As it stands this file runs inside of mms, without
Python; change a line and it runs as Python, which needs numpy.
"""

from mms.model_service import mxnet_model_service
from mms.utils.mxnet import image, ndarray


class MXNetVisionService(mxnet_model_service.MXNetBaseService):
    """An image classifier."""

    def _preprocess(self, data):
        return [self._pixels(picture, i) for i, picture in enumerate(data)]

    def _pixels(self, picture, i):
        height, width = self.signature["inputs"][i]["data_shape"][2:]
        decoded = image.read(picture)
        return image.transform_shape(image.resize(decoded, width, height))

    def _postprocess(self, data):
        return [ndarray.top_probability(d, self.labels, top=5) for d in data]
