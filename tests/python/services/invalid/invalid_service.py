"""Answers with text where a list is due."""


def handle(data, context):
    return None if data is None else "Invalid response"
