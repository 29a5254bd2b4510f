"""Cannot be loaded."""


def handle(data, context):
    raise RuntimeError("Initialize failure.")
