"""Shows what it is given."""


def handle(data, context):
    if data is None:
        return None
    return [str(fields) for fields in data]
