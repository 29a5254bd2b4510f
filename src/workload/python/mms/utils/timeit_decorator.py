"""A stopwatch for functions."""

import functools
import time


def timeit(function):
    """Prints how long each call takes, in ms."""

    @functools.wraps(function)
    def timed(*args, **options):
        started = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            ms = 1000 * (time.perf_counter() - started)
            print("func: %r took: %2.4f ms" % (function.__name__, ms))

    return timed
