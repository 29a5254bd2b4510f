"""Does what callers tell it to."""

import os
import signal
import sys
import threading
import time

from mms.metrics.dimension import Dimension
from mms.service import PredictionException


def handle(data, context):
    if data is None:
        return None
    deeds = [fields.get("body") or "" for fields in data]
    for deed in deeds:
        if deed in DEEDS:
            return DEEDS[deed](data, context)
    return [str(deed) for deed in deeds]


def leave(data, context):
    os._exit(3)


def leave_politely(data, context):
    sys.exit("leaving")


def crash(data, context):
    os.kill(os.getpid(), signal.SIGSEGV)


def show_environment(data, context):
    names = ("KEPT_VARIABLE", "DROPPED_VARIABLE", "MMS_HTTP_TOKEN", "PYTHONPATH")
    shown = {name: os.environ.get(name) for name in names}
    return [dict(shown, pid=os.getpid())] * len(data)


def hang(data, context):
    time.sleep(600)


def fail(data, context):
    raise ValueError("the deed was to fail")


def fail_badly(data, context):
    raise PredictionException("<no> such thing", 404)


def chat(data, context):
    for stream in (1, 2):
        os.write(stream, b"\x00\xff{}noise\n" * 100)
    print("MMS worker started.")
    print("[PID] 1", flush=True)
    return ["%d %r" % (len(data), sys.stdin.read())] * len(data)


def close_outputs(data, context):
    for stream in (0, 1, 2):
        os.close(stream)
    return ["closed"] * len(data)


def fork(data, context):
    os.fork()
    return [str(os.getpid())] * len(data)


def start_thread(data, context):
    threading.Thread(target=time.sleep, args=(600,)).start()
    return ["started"] * len(data)


def shorten(data, context):
    return ["one too many"] * (len(data) + 1)


def answer_tuple(data, context):
    return tuple(data)


def answer_object(data, context):
    return [object()] * len(data)


def answer_json(data, context):
    return [{"a": [1, None, float("nan")], "b": "é"}] * len(data)


def answer_much(data, context):
    return [b"x" * 10_000_000] * len(data)


def answer_odd_header(data, context):
    context.set_response_header(0, "X-Number", 7)
    context.set_response_status(1000)
    return ["odd"] * len(data)


def measure(data, context):
    metrics = context.metrics
    metrics.add_counter("Seen", 1)
    metrics.add_counter("Seen", 2)
    metrics.add_size("Size", 1.5, idx=0, unit="kB", dimensions=[Dimension("Kind", "x")])
    metrics.add_error("Trouble", "some text")
    return ["measured"] * len(data)


DEEDS = {name: value for name, value in vars().items() if callable(value)}
