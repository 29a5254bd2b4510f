/** What `mms init` writes for a service in Python. */
export const PYTHON_SERVICE =
  `"""Answers each request of a batch: here with the mean of its numbers."""

from mms.service import PredictionException


def handle(data, context):
    """Is called once with None when the service is loaded."""
    if data is None:
        return None
    return [mean_of(request.get("body")) for request in data]


def mean_of(body):
    """Returns what one caller is answered."""
    values = body.get("values") if isinstance(body, dict) else None
    is_right = isinstance(values, list) and values
    if not is_right or any(type(it) not in (int, float) for it in values):
        raise PredictionException('Send numbers: {"values": [1, 2, 3]}', 400)
    return {"mean": sum(values) / len(values), "count": len(values)}
`;
