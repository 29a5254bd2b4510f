"""Answers with headers of its own."""


def handle(data, context):
    if data is None:
        return None
    for i in range(len(data)):
        context.set_response_content_type(i, "text/plain")
        context.set_response_header(i, "dummy", "1")
        agent = context.get_request_header(i, "x-echo")
        if agent is not None:
            context.set_response_header(i, "X-Echoed", agent)
    return [str(fields) for fields in data]
