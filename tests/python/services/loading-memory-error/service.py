"""Has too little memory to load."""


def handle(data, context):
    raise MemoryError("Some Memory Error")
