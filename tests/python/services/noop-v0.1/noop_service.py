"""Answers OK, in the way of format 0.x."""

from mms.model_service.model_service import SingleNodeService


class NoopService(SingleNodeService):
    def _inference(self, data):
        return "OK"

    def ping(self):
        return None
