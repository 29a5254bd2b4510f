"""How much of each old sample is in each new one, as OpenCV weighs them."""

import numpy

NEAREST, LINEAR, CUBIC, AREA = 0, 1, 2, 3


def weights(old, new, interp):
    """Returns `[new, old]`, whose rows add up to 1."""
    scale = old / new
    if interp == NEAREST:
        at = numpy.minimum(numpy.floor(numpy.arange(new) * scale), old - 1)
        return _matrix(old, at.astype(int)[:, None], numpy.ones((new, 1)))
    if interp == AREA and scale > 1:
        return _area(old, new, scale)
    if interp not in (LINEAR, CUBIC, AREA):
        raise ValueError(
            "interpolation {} needs the package opencv-python-headless".format(interp)
        )
    center = (numpy.arange(new) + 0.5) * scale - 0.5
    first = numpy.floor(center).astype(int)
    part = center - first
    if interp == CUBIC:
        return _matrix(old, first[:, None] + numpy.arange(-1, 3), _cubic(part))
    pair = numpy.stack([1 - part, part], axis=1)
    return _matrix(old, first[:, None] + numpy.arange(2), pair)


def _matrix(old, taps, shares):
    """Beyond the edges, the outermost samples count."""
    matrix = numpy.zeros((len(taps), old), dtype=numpy.float32)
    rows = numpy.arange(len(taps))[:, None]
    numpy.add.at(matrix, (rows, taps.clip(0, old - 1)), shares)
    return matrix


def _cubic(part):
    """Keys' kernel with a = -0.75."""
    a = -0.75
    far = part + 1
    outer = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a
    inner = ((a + 2) * part - (a + 3)) * part * part + 1
    rest = 1 - part
    next_one = ((a + 2) * rest - (a + 3)) * rest * rest + 1
    return numpy.stack([outer, inner, next_one, 1 - outer - inner - next_one], axis=1)


def _area(old, new, scale):
    """Each new sample is the mean of those that it covers."""
    starts = (numpy.arange(new) * scale)[:, None]
    samples = numpy.arange(old)[None, :]
    ends = numpy.minimum(starts + scale, samples + 1)
    covered = (ends - numpy.maximum(starts, samples)).clip(0)
    return (covered / covered.sum(axis=1, keepdims=True)).astype(numpy.float32)
