"""One value that a service measured."""

from mms.metrics.unit import Units


class Metric:
    """A name, a value, a unit, and what it is about."""

    def __init__(
        self,
        name,
        value,
        unit,
        dimensions,
        request_id=None,
        metric_method=None,
    ):
        self.name = name
        self.value = value
        self.unit = unit
        self.dimensions = dimensions
        self.request_id = request_id
        self.metric_method = metric_method

    def update(self, value):
        """Counters add up, anything else has its last value."""
        if self.metric_method == "counter":
            self.value += value
        else:
            self.value = value

    def __str__(self):
        import socket
        import time

        units = Units().units
        parts = [
            "{}.{}:{}".format(self.name, units.get(self.unit, self.unit), self.value),
            "#" + ",".join(str(dimension) for dimension in self.dimensions),
            "#hostname:{},{}".format(socket.gethostname(), int(time.time())),
        ]
        line = "|".join(parts)
        return line if self.request_id is None else line + "," + self.request_id
