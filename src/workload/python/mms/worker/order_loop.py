"""Does what the front asks, in order, until it hangs up or says `stop`."""

import json
import os
import sys
from time import perf_counter

from mms.service import PredictionException
from mms.worker.answers import (
    BadAnswer,
    answer_header,
    check_results,
    encode_body,
    error_answer,
    metric_headers,
)
from mms.worker.handler import LoadError, explain, load_service
from mms.worker.graph import about_to_load
from mms.worker.inputs import BadInput, data_length, read_request
from mms.worker.report import report, say

# A batch that took longer, in s, is answered before the next one is begun.
FLUSH_SECONDS = 0.001


class OrderLoop:
    """Has no model yet: the front says which."""

    def __init__(self, connection, version):
        self._connection = connection
        self._version = version
        self._handle = None
        self._context = None
        self._max_response_bytes = 0
        self._pid = os.getpid()

    def run(self):
        connection = self._connection
        while True:
            frames = connection.receive()
            if frames is None:
                return
            for header, body in frames:
                if header["type"] == "predict":
                    self._predict(header, body)
                elif header["type"] == "load":
                    self._load(header, body)
                else:
                    connection.flush()
                    return
            # The input is used up: a good moment.
            connection.flush()

    def _load(self, load, body):
        archive = json.loads(bytes(body))
        about_to_load(archive, load)
        self._max_response_bytes = load["maxResponseBytes"]
        try:
            self._handle, self._context = load_service(archive, load, self._version)
        except MemoryError as error:
            report(error)
            self._fail(load, "out_of_memory", "Out of resources")
        except Exception as error:
            if not isinstance(error, LoadError):
                report(error)
            what = 'Cannot load model "{}": {}'.format(load["name"], explain(error))
            self._fail(load, "load_failed", what)
        else:
            self._die_in_child()
            self._connection.append({"type": "loaded", "id": load["id"]})

    def _predict(self, order, body):
        started = perf_counter()
        try:
            answers, parts = self._answer(order["requests"], body)
            took = perf_counter() - started
            self._send(order, took, answers, parts)
        except MemoryError as error:
            told = report(error)
            self._fail(order, "out_of_memory", "Out of resources" + told)
        except BadAnswer as error:
            file = getattr(self._handle, "__module__", "service")
            told = say("{}.py: {}".format(file, error.why))
            self._fail(order, "prediction_failed", str(error) + told)
        except Exception as error:
            told = report(error)
            self._fail(order, "prediction_failed", "Prediction failed" + told)
        if "prompt" in order or perf_counter() - started > FLUSH_SECONDS:
            self._connection.flush()

    def _answer(self, requests, body):
        """Returns the answers, one for each request, and the bodies of some."""
        data, processors, ids, answers = [], [], {}, []
        offset = 0
        for request in requests:
            end = offset + data_length(request)
            try:
                fields, processor, _ = read_request(request, body, offset)
                ids[len(data)] = request["id"]
                data.append(fields)
                processors.append(processor)
                answers.append(None)
            except BadInput as error:
                answers.append(_error("bad_request", str(error)))
            offset = end
        parts = []
        self._context.begin(ids, processors)
        if data:
            good = iter(self._run(data, processors))
            for i, answer in enumerate(answers):
                if answer is None:
                    header, part = next(good)
                    answers[i] = self._sendable(header, part, parts)
        return answers, parts

    def _run(self, data, processors):
        """Returns a header and a body for each request."""
        try:
            results = self._handle(data, self._context)
        except PredictionException as error:
            report(error)
            return [error_answer(error)] * len(processors)
        finally:
            self._die_in_child()
        check_results(results, len(processors))
        bodies = [encode_body(item) for item in results]
        return [(answer_header(*pair), pair[1]) for pair in zip(processors, bodies)]

    def _sendable(self, header, part, parts):
        if len(part) <= self._max_response_bytes:
            parts.append(part)
            return header
        return _error(
            "response_too_large",
            "Cannot answer with {} bytes: at most {} are allowed".format(
                len(part), self._max_response_bytes
            ),
        )

    def _send(self, order, seconds, answers, parts):
        ms = round(seconds * 1000, 3)
        header = {"type": "predicted", "id": order["id"], "ms": ms, "answers": answers}
        measured = self._context.measured
        if measured:
            header["metrics"] = metric_headers(measured)
        if not self._connection.append(header, parts):
            self._fail(
                order,
                "prediction_failed",
                "Cannot answer: headers and metrics take more than 1 MiB",
            )

    def _fail(self, order, code, message):
        failed = {"type": "failed", "id": order["id"], **_error(code, message)}
        self._connection.append(failed)

    def _die_in_child(self):
        """A fork that comes back from the service is not the worker."""
        if os.getpid() != self._pid:
            sys.stdout.flush()
            os._exit(0)


def _error(code, message):
    return {"error": {"code": code, "message": message}}
