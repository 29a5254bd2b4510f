"""The bases of services of format 0.x."""

import logging
import sys
import time

from mms.model_service.model_files import ModelFiles

logger = logging.getLogger(__name__)


class ModelService:
    """Answers for one model."""

    def __init__(self, *args, **options):
        files = ModelFiles(args, options)
        self.files = files
        self.model_name = files.name
        self.model_dir = files.folder
        self.manifest = files.manifest
        self.gpu = files.gpu
        self.ctx = files.ctx or _default_context()
        self.param_filename = files.parameters
        self.context = None
        self.signature = files.read_signature()

    @property
    def _signature(self):
        """What the first releases called it."""
        return self.signature

    @_signature.setter
    def _signature(self, signature):
        self.signature = signature

    def initialize(self, context):
        """Gets ready for the first request."""
        self.context = context

    def inference(self, data):
        """Returns the answer to `data`, a list with one value for each input."""
        raise NotImplementedError

    def ping(self):
        """Says how it is; nobody asks any more."""
        return None


class SingleNodeService(ModelService):
    """Answers in three stages, each of which subclasses may change."""

    def inference(self, data):
        started = time.perf_counter()
        prepared = self._preprocess(data)
        started = _tell("preprocess", started)
        outputs = self._inference(prepared)
        started = _tell("inference", started)
        answer = self._postprocess(outputs)
        _tell("postprocess", started)
        return answer

    def _preprocess(self, data):
        """Turns values of callers into inputs of the graph."""
        return data

    def _inference(self, data):
        """Turns inputs of the graph into its outputs."""
        return data

    def _postprocess(self, data):
        """Turns outputs of the graph into an answer."""
        return data


def _default_context():
    """Services that have imported MXNet hand this on to it."""
    mxnet = sys.modules.get("mxnet")
    return None if mxnet is None else mxnet.cpu()


def _tell(stage, started):
    now = time.perf_counter()
    logger.info("%s time: %.2f", stage, 1000 * (now - started))
    return now
