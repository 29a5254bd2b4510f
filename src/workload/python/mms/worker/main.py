"""Connects to the front, loads one model and answers its batches."""

import os
import sys
from _thread import start_new_thread

from mms.version import __version__
from mms.worker.connection import connect
from mms.worker.log import prepare_logging
from mms.worker.order_loop import OrderLoop

try:
    import _signal as signal  # `signal` makes enumerations of it all
except ImportError:
    import signal

PROTOCOL = 1


def main(address):
    """Runs until the front says `stop` or is gone."""
    prepare_logging()
    _ignore_signals()
    lifeline = _take_stdin()
    secret = _read_line(lifeline)
    connection = connect(address)
    connection.append(
        {"type": "hello", "id": 0, "protocol": PROTOCOL, "secret": secret}
    )
    connection.flush()
    start_new_thread(_end_with, (lifeline,))
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=connection.close)
    try:
        OrderLoop(connection, __version__).run()
    except OSError:
        # The front is gone, or a fork has come here without its connection.
        os._exit(0)
    except SystemExit as request:
        _leave(request.code)
    connection.close()


def _ignore_signals():
    """The front decides when to end; what services start is not told to ignore them."""
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), _do_nothing)


def _do_nothing(_number, _frame):
    pass


def _take_stdin():
    """Keeps standard input to itself: services read nothing there."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return lifeline


def _read_line(descriptor):
    line = b""
    while not line.endswith(b"\n"):
        chunk = os.read(descriptor, 1024)
        if not chunk:
            break
        line += chunk
    return line.decode().rstrip()


def _end_with(lifeline):
    """The front holds the other end for as long as it lives."""
    while os.read(lifeline, 1):
        pass
    os._exit(0)


def _leave(code):
    """A service that exits means it, whatever threads it has left."""
    is_number = isinstance(code, int)
    if code is not None and not is_number:
        sys.stderr.write("{}\n".format(code))
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code & 0xFF if is_number else int(code is not None))
