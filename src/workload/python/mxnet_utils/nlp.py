"""See `mms.utils.mxnet.nlp`."""

from mms.utils.mxnet.nlp import *  # noqa: F401, F403
