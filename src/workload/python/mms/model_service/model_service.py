"""The bases of services of format 0.x."""

import json
import logging
import os
import time

logger = logging.getLogger(__name__)


class ModelService:
    """Answers for one model."""

    def __init__(self, model_name, model_dir, manifest, gpu=None):
        self.model_name = model_name
        self.model_dir = model_dir
        self.manifest = manifest
        self.gpu = gpu
        self.ctx = None
        self.context = None
        self.signature = read_signature(model_dir, manifest)

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


def read_signature(model_dir, manifest):
    """Returns what the file says that the manifest names."""
    model = (manifest or {}).get("Model") or {}
    file = model.get("Signature") or "signature.json"
    with open(os.path.join(model_dir, file), encoding="utf-8") as opened:
        return json.load(opened)


def _tell(stage, started):
    now = time.perf_counter()
    logger.info("%s time: %.2f", stage, 1000 * (now - started))
    return now
