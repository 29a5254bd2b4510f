"""See `mms.utils.mxnet.ndarray`."""

from mms.utils.mxnet.ndarray import *  # noqa: F401, F403
