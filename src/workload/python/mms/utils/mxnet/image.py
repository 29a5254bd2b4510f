"""Pictures as arrays `[height, width, 3]` of bytes, on numpy and OpenCV or Pillow."""

import base64
import io
import random

import numpy

from mms.utils.mxnet.array import as_ndarray, as_numpy
from mms.utils.mxnet.taps import weights

cv2 = mxnet = None
try:
    import cv2
except ImportError:
    try:
        import PIL.Image
        import PIL.ImageOps
    except ImportError as missing:
        # Pillow is the one of the three to install.
        try:
            import mxnet
        except ImportError:
            raise missing from None

AUTO, RANDOM = 9, 10


def transform_shape(img_arr, dim_order="NCHW"):
    """Returns `[height, width, 3]` with a batch axis, channels first for NCHW."""
    if dim_order not in ("NCHW", "NHWC"):
        raise AssertionError("dim_order must be NCHW or NHWC, not " + str(dim_order))
    pixels = as_numpy(img_arr)
    if dim_order == "NCHW":
        pixels = pixels.transpose(2, 0, 1)
    return as_ndarray(pixels[numpy.newaxis])


def read(buf, flag=1, to_rgb=True, out=None):
    """Decodes a picture: in color, or in gray for flag 0."""
    if not buf:
        raise ValueError("Empty image input")
    pixels = _decode(buf, flag)
    if flag and not to_rgb:
        pixels = pixels[:, :, ::-1]
    if out is not None:
        out[:] = pixels
        return out
    return as_ndarray(pixels)


def write(img_arr, flag=1, format="jpeg", dim_order="CHW", output_format=None):
    """Returns a picture as a file in base64."""
    pixels = as_numpy(img_arr)
    if dim_order not in ("CHW", "HWC"):
        raise AssertionError("dim_order must be CHW or HWC, not " + str(dim_order))
    if dim_order == "CHW":
        pixels = pixels.transpose(1, 2, 0)
    pixels = numpy.ascontiguousarray(pixels.clip(0, 255).astype(numpy.uint8))
    kind = output_format or format
    data = _encode(pixels, "png" if kind.lower() == "png" else "jpeg")
    return base64.b64encode(data).decode()


def resize(src, new_width, new_height, interp=2):
    """Returns the picture in another size, interpolated as OpenCV does."""
    pixels = as_numpy(src)
    height, width = pixels.shape[:2]
    if interp == AUTO:
        grows = new_width > width and new_height > height
        interp = 2 if grows else 3
    elif interp == RANDOM:
        interp = random.randint(0, 4)
    if cv2 is not None:
        resized = cv2.resize(pixels, (new_width, new_height), interpolation=interp)
        return as_ndarray(resized.reshape(new_height, new_width, -1))
    rows = weights(height, new_height, interp)
    columns = weights(width, new_width, interp)
    resized = numpy.einsum(
        "yh,hwc,xw->yxc", rows, pixels.astype(numpy.float32), columns, optimize=True
    )
    if pixels.dtype == numpy.uint8:
        resized = numpy.rint(resized).clip(0, 255)
    return as_ndarray(resized.astype(pixels.dtype))


def fixed_crop(src, x0, y0, w, h, size=None, interp=2):
    """Cuts a part out, and gives it another size `(width, height)`."""
    part = as_ndarray(as_numpy(src)[y0 : y0 + h, x0 : x0 + w])
    if size is None or size == (w, h):
        return part
    return resize(part, size[0], size[1], interp)


def color_normalize(src, mean, std=None):
    """Subtracts the mean and divides by the deviation, as float32."""
    normal = as_numpy(src) - as_numpy(mean).astype(numpy.float32)
    if std is not None:
        normal = normal / as_numpy(std).astype(numpy.float32)
    return as_ndarray(normal.astype(numpy.float32))


def _decode(buf, flag):
    if cv2 is not None:
        return _decode_cv(buf, flag)
    return _decode_pillow(buf, flag) if mxnet is None else _decode_mxnet(buf, flag)


def _decode_mxnet(buf, flag):
    try:
        return mxnet.image.imdecode(bytes(buf), flag=1 if flag else 0).asnumpy()
    except mxnet.MXNetError as error:
        raise ValueError("Corrupted image input") from error


def _decode_cv(buf, flag):
    data = numpy.frombuffer(buf, dtype=numpy.uint8)
    pixels = cv2.imdecode(data, 1 if flag else 0)
    if pixels is None:
        raise ValueError("Corrupted image input")
    return pixels[:, :, ::-1] if flag else pixels[:, :, numpy.newaxis]


def _decode_pillow(buf, flag):
    try:
        picture = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(buf)))
        pixels = numpy.asarray(picture.convert("RGB" if flag else "L"))
    except OSError as error:
        raise ValueError("Corrupted image input: {}".format(error))
    return pixels if flag else pixels[:, :, numpy.newaxis]


def _encode(pixels, kind):
    if cv2 is not None:
        return cv2.imencode("." + kind, pixels[:, :, ::-1])[1].tobytes()
    if mxnet is not None:
        raise ImportError("pictures are written with Pillow", name="PIL")
    picture = PIL.Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    file = io.BytesIO()
    picture.save(file, kind.upper())
    return file.getvalue()
