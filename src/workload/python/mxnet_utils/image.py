"""See `mms.utils.mxnet.image`."""

from mms.utils.mxnet.image import *  # noqa: F401, F403
