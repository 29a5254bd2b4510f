"""What a service is given: `data` and the headers, made of a `predict`."""

import json
import os

from mms.context import RequestProcessor


class BadInput(Exception):
    """A request that its caller got wrong."""


DECODES = os.environ.get("MMS_DECODE_INPUT_REQUEST", "true").lower() == "true"


def read_request(request, body, offset):
    """Returns `(fields by name, processor, end)`, the last one of a name wins.

    `end` is where the next request's data begins. Raises `BadInput`.
    """
    data, headers = {}, {}
    for field in request["fields"]:
        name, content_type = field["name"], field["contentType"]
        end = offset + field["length"]
        data[name] = _value(name, content_type, body[offset:end])
        headers[name] = {"content-type": content_type}
        offset = end
    for name, value in request["headers"].items():
        headers["content-length" if name.lower() == "content-length" else name] = value
    return data, RequestProcessor(headers), offset


def data_length(request):
    """Returns how many bytes of the body are a request's."""
    return sum(field["length"] for field in request["fields"])


def _value(name, content_type, view):
    if not DECODES or not content_type:
        return bytearray(view)
    if content_type == "application/json":
        return _json(name, view)
    if content_type.startswith("text"):
        return _text(name, view)
    return bytearray(view)


def _json(name, view):
    try:
        return json.loads(_text(name, view))
    except (ValueError, RecursionError) as error:
        raise BadInput('Cannot read "{}": it is not JSON, {}'.format(name, error))


def _text(name, view):
    try:
        return str(view, "utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            'Cannot read "{}": it is not UTF-8 at byte {}'.format(name, error.start)
        )
