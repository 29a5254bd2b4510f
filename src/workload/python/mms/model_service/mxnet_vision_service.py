"""The base of services of format 0.x that classify pictures, without MXNet."""

from mms.model_service.mxnet_model_service import MXNetBaseService
from mms.utils.mxnet import image, ndarray


class MXNetVisionService(MXNetBaseService):
    """Answers a picture with the five classes that it most likely shows."""

    def _preprocess(self, data):
        return [self._pixels(picture, i) for i, picture in enumerate(data)]

    def _pixels(self, picture, i):
        height, width = self.signature["inputs"][i]["data_shape"][2:]
        decoded = image.read(picture)
        return image.transform_shape(image.resize(decoded, width, height))

    def _postprocess(self, data):
        return [ndarray.top_probability(d, self.labels, top=5) for d in data]
