"""What services raise to choose what their caller is told."""


class PredictionException(Exception):
    """A prediction that failed, with the HTTP status to answer."""

    def __init__(self, message, error_code=500):
        self.message = message
        self.error_code = error_code
        super().__init__(message)

    def __str__(self):
        return "{}: {}".format(self.error_code, self.message)


def emit_metrics(metrics):
    """Prints metrics as the front reads them among a service's output."""
    for metric in metrics or ():
        print("[METRICS]" + str(metric))
