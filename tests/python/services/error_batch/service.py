"""Answers the first request of a batch with a status of its own."""


def handle(data, context):
    if data is None:
        return None
    context.set_response_status(code=507, phrase="Some Error", idx=0)
    return ["Invalid response"] * len(data)
