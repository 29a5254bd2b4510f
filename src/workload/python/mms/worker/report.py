"""Tells a service's author what went wrong: the front logs standard error."""

import importlib
import os
import sys

OURS = os.path.dirname(os.path.abspath(__file__))
IMPORTLIB = os.path.dirname(importlib.__file__)


# Whether callers are told as well, at most that many letters from the end.
TELLS = os.environ.get("MMS_TELL_TRACEBACKS", "false").lower() == "true"
MAX_TOLD = 16000


def report(error):
    """Prints a traceback without the part of it that is ours.

    Returns what its caller may be told of it: nothing, unless configured.
    """
    return say(_traceback_of(error))


def say(text):
    """Prints a text, and returns what its caller may be told of it."""
    try:
        sys.stderr.write(text.rstrip() + "\n")
        sys.stderr.flush()
    except Exception:
        # A service that closed standard error has nobody to tell.
        pass
    return "\n" + text[-MAX_TOLD:].rstrip() if TELLS else ""


def _traceback_of(error):
    import traceback

    trace = error.__traceback__
    while trace is not None and not _is_theirs(trace):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def _is_theirs(trace):
    file = trace.tb_frame.f_code.co_filename
    return not file.startswith((OURS, IMPORTLIB, "<frozen importlib"))
