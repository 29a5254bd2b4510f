"""What a service returned, as the front takes it."""

import json


class BadAnswer(Exception):
    """What a service returned is no answer to its batch.

    Callers are told what MMS told them, the author of the service is told why.
    """

    def __init__(self, message, why):
        super().__init__(message)
        self.why = why


def check_results(results, count):
    """Raises `BadAnswer` unless there is a list with an item for each request."""
    if not isinstance(results, list):
        raise BadAnswer(
            "Invalid model predict output",
            "handle returned {}, a list with an answer for each request would be "
            "right".format(_kind_of(results)),
        )
    if len(results) != count:
        raise BadAnswer(
            "number of batch response mismatched",
            "handle returned {} for {}, one for each would be right".format(
                _counted(len(results), "answer"), _counted(count, "request")
            ),
        )


def encode_body(item):
    """Returns the bytes of one item. Raises `BadAnswer` if it has none."""
    if isinstance(item, (bytes, bytearray)):
        return item
    if isinstance(item, str):
        return item.encode("utf-8", "backslashreplace")
    try:
        return json.dumps(item, indent=2, default=_refuse).encode()
    except (TypeError, ValueError, RecursionError) as error:
        why = "an answer cannot be written as JSON: {}".format(error)
        raise BadAnswer("Unsupported model output data type.", why) from error


def _refuse(value):
    """As json refuses it, and what would be right."""
    name = type(value).__name__
    text = "Object of type {} is not JSON serializable".format(name)
    if callable(getattr(value, "tolist", None)):
        text += ", what its tolist() returns is"
    raise TypeError(text)


def _kind_of(value):
    if value is None:
        return "None"
    name = type(value).__name__
    return "{} {}".format("an" if name[0] in "aeiouAEIOU" else "a", name)


def _counted(count, what):
    return "{} {}{}".format(count, what, "" if count == 1 else "s")


def answer_header(processor, body):
    """Describes one prediction, leaving out what most have."""
    answer = {"length": len(body)}
    headers = processor.get_response_headers()
    if headers:
        headers = {str(name): str(value) for name, value in headers.items()}
        for name in [name for name in headers if name.lower() == "content-type"]:
            answer["contentType"] = headers.pop(name)
        answer["headers"] = headers
    status = processor.get_response_status_code()
    phrase = processor.get_response_status_phrase()
    if status != 200 or phrase:
        answer["status"] = as_status(status)
        answer["reason"] = str(phrase or "")
    return answer


def as_status(code):
    """Returns a number, which the front judges."""
    try:
        return int(code)
    except (TypeError, ValueError, OverflowError):
        return 500


def error_answer(exception):
    """Returns header and body for a PredictionException, as the front's own errors look."""
    status = as_status(exception.error_code)
    if status == 200:
        return {"length": 5}, b"error"
    if not 200 <= status <= 599:
        status = 500
    text = json.dumps(
        {
            "code": status,
            "type": "InternalServerException",
            "message": str(exception.message),
        },
        indent=2,
        ensure_ascii=False,
    )
    for letter in "<>&='\u2028\u2029":
        text = text.replace(letter, "\\u%04x" % ord(letter))
    body = text.encode("utf-8", "backslashreplace") + b"\n"
    answer = {
        "status": status,
        "reason": _phrase(status),
        "contentType": "application/json",
        "length": len(body),
    }
    return answer, body


def metric_headers(metrics):
    """Describes what a service measured."""
    return [_metric_header(metric) for metric in metrics]


def _metric_header(metric):
    header = {
        "name": str(metric.name),
        "value": _number_or_text(metric.value),
        "dimensions": [[str(it.name), str(it.value)] for it in metric.dimensions],
    }
    if metric.unit is not None:
        header["unit"] = str(metric.unit)
    if metric.request_id is not None:
        header["requestId"] = str(metric.request_id)
    return header


def _number_or_text(value):
    """JSON has no other numbers than finite ones."""
    is_number = type(value) in (int, float) and abs(value) < 1e300
    return value if is_number else str(value)


def _phrase(status):
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        kinds = {2: "Success", 3: "Redirection", 4: "Client Error", 5: "Server Error"}
        return "{} ({})".format(kinds[status // 100], status)
