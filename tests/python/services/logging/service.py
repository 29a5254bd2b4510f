"""Tells the log what it does."""

import logging
import os
import time

logger = logging.getLogger(__name__)


class LoggingService:
    def __init__(self):
        logger.info("LoggingService init")

    def initialize(self, context):
        self.model_name = context.model_name

    def handle(self, data, context):
        time.sleep(0.01)
        logger.info("LoggingService inference [PID]: %d", os.getpid())
        return ["OK"] * len(data)

    def __del__(self):
        logger.info("LoggingService exit")


_service = LoggingService()


def handle(data, context):
    if data is None:
        return _service.initialize(context)
    return _service.handle(data, context)
