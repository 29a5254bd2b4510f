"""Has too little memory to predict."""


def handle(data, context):
    if data is not None:
        raise MemoryError("Some Memory Error")
