"""Sets logging up as services expect it, if and when they import it."""

import sys
from importlib.machinery import PathFinder


class LoggingFinder:
    """Finds `logging`, once, which takes too long to import for nothing."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(LoggingFinder)
        spec = PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            module.basicConfig(
                stream=sys.stdout, format="%(message)s", level=module.INFO
            )

        spec.loader.exec_module = exec_module
        return spec


def prepare_logging():
    """The front logs lines of standard output as INFO, of standard error as WARN."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(
            encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
    sys.meta_path.insert(0, LoggingFinder)
