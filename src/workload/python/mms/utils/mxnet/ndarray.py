"""Probabilities of classes."""

import numpy

from mms.utils.mxnet.array import as_numpy


def top_probability(data, labels, top=5):
    """Returns the likeliest classes: `[{"probability": p, "class": label}]`."""
    values = numpy.squeeze(as_numpy(data))
    order = numpy.argsort(-values, kind="stable")[:top]
    return [
        {"probability": float(values[i]), "class": _label(labels, i)} for i in order
    ]


def _label(labels, i):
    return labels[i] if labels is not None and i < len(labels) else str(i)
