"""Where services put what they measure."""

from mms.metrics.dimension import Dimension
from mms.metrics.metric import Metric

TIME_UNITS = ("ms", "s")
SIZE_UNITS = ("MB", "kB", "GB", "B")


class MetricsStore:
    """The metrics of one batch."""

    def __init__(self, request_ids, model_name):
        self.store = []
        self.request_ids = request_ids
        self.model_name = model_name
        self._known = {}

    def add_counter(self, name, value, idx=None, dimensions=None):
        """Adds to what has been counted under that name."""
        self._add(name, value, "count", self._request(idx), dimensions, "counter")

    def add_time(self, name, value, idx=None, unit="ms", dimensions=None):
        """Adds a duration in ms or s."""
        if unit not in TIME_UNITS:
            raise ValueError(
                "the unit for a timed metric should be one of ['ms', 's']"
            )
        self._add(name, value, unit, self._request(idx), dimensions)

    def add_size(self, name, value, idx=None, unit="MB", dimensions=None):
        """Adds a size in MB, kB, GB or B."""
        if unit not in SIZE_UNITS:
            raise ValueError(
                "The unit for size based metric is one of ['MB','kB', 'GB', 'B']"
            )
        self._add(name, value, unit, self._request(idx), dimensions)

    def add_percent(self, name, value, idx=None, dimensions=None):
        """Adds a percentage."""
        self._add(name, value, "percent", self._request(idx), dimensions)

    def add_error(self, name, value, dimensions=None):
        """Adds what went wrong, as text."""
        self._add(name, value, None, None, dimensions, level="Error")

    def add_metric(self, name, value, idx=None, unit=None, dimensions=None):
        """Adds anything else."""
        self._add(name, value, unit, self._request(idx), dimensions)

    def _request(self, idx):
        if not self.request_ids:
            return None
        if idx is not None:
            return self.request_ids[idx]
        return ",".join(self.request_ids.values())

    def _add(
        self, name, value, unit, request, dimensions, method=None, level="Model"
    ):
        all_dimensions = list(dimensions or ()) + [
            Dimension("ModelName", self.model_name),
            Dimension("Level", level),
        ]
        key = (name, unit, request, tuple(str(it) for it in all_dimensions))
        known = self._known.get(key)
        if known is not None:
            known.update(value)
            return
        metric = Metric(name, value, unit, all_dimensions, request, method)
        self._known[key] = metric
        self.store.append(metric)
