"""What a service learns of its requests, and says of its answers."""


class RequestProcessor:
    """One request's headers, and the status and headers of its answer."""

    __slots__ = ("_request", "_status", "_phrase", "_headers")

    def __init__(self, request_header):
        self._request = request_header
        self._status = 200
        self._phrase = ""
        self._headers = {}

    def get_request_property(self, key):
        value = self._request.get(key)
        return _find(self._request, key) if value is None else value

    def get_request_properties(self):
        return self._request

    def report_status(self, code, reason_phrase=None):
        self._status = code
        self._phrase = reason_phrase

    def get_response_status_code(self):
        return self._status

    def get_response_status_phrase(self):
        return self._phrase

    def add_response_property(self, key, value):
        self._headers[key] = value

    def get_response_headers(self):
        return self._headers

    def get_response_header(self, key):
        return self._headers.get(key)


class Context:
    """The model, and the batch at hand."""

    def __init__(self, model_name, model_dir, manifest, **properties):
        self.model_name = model_name
        self.manifest = manifest
        self.system_properties = {"model_dir": model_dir, **properties}
        self.request_ids = None
        self.request_processor = None
        self._metrics = None

    def begin(self, request_ids, processors):
        """Turns to the next batch."""
        self.request_ids = request_ids
        self.request_processor = processors
        self._metrics = None

    @property
    def metrics(self):
        if self._metrics is None:
            from mms.metrics.metrics_store import MetricsStore

            self._metrics = MetricsStore(self.request_ids, self.model_name)
        return self._metrics

    @metrics.setter
    def metrics(self, metrics):
        self._metrics = metrics

    @property
    def measured(self):
        """The metrics of this batch, or None if there are none."""
        return self._metrics and self._metrics.store

    def get_request_id(self, idx=0):
        return self.request_ids.get(idx)

    def get_request_header(self, idx, key):
        return self.request_processor[idx].get_request_property(key)

    def get_all_request_header(self, idx):
        return self.request_processor[idx].get_request_properties()

    def set_response_content_type(self, idx, value):
        self.set_response_header(idx, "content-type", value)

    def get_response_content_type(self, idx):
        return self.get_response_headers(idx).get("content-type")

    def set_response_header(self, idx, key, value):
        self.request_processor[idx].add_response_property(key, value)

    def get_response_headers(self, idx):
        return self.request_processor[idx].get_response_headers()

    def set_response_status(self, code=200, phrase="", idx=0):
        self.request_processor[idx].report_status(code, reason_phrase=phrase)

    def set_all_response_status(self, code=200, phrase=""):
        for processor in self.request_processor:
            processor.report_status(code, reason_phrase=phrase)

    def get_response_status(self, idx):
        processor = self.request_processor[idx]
        return (
            processor.get_response_status_code(),
            processor.get_response_status_phrase(),
        )


def _find(headers, key):
    """HTTP has names of headers in any case."""
    wanted = str(key).lower()
    for name, value in headers.items():
        if name.lower() == wanted:
            return value
    return None
