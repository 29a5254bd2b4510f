"""Loggers, as services of format 0.x ask for them."""

import logging


def get_logger(name="mms"):
    """Returns a logger whose lines the front logs."""
    return logging.getLogger(name)
