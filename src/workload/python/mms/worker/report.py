"""Tells a service's author what went wrong: the front logs standard error."""

import os
import sys

OURS = os.path.dirname(os.path.abspath(__file__))


def report(error):
    """Prints a traceback without the part of it that is ours."""
    import traceback

    trace = error.__traceback__
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    try:
        traceback.print_exception(type(error), error, trace or error.__traceback__)
        sys.stderr.flush()
    except Exception:
        # A service that closed standard error has nobody to tell.
        pass


def _is_ours(trace):
    return trace.tb_frame.f_code.co_filename.startswith(OURS)
