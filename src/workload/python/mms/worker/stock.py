"""Bases that came with the original server and need MXNet, where there is none.

An archive that has its own service beside an unedited base of the original gets
our own base in its place, which runs the archive's graph on onnxruntime.
"""

import json
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import spec_from_file_location

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What stands in for a file, by what the file is there for.
TWINS = {
    "base": "model_service/mxnet_handler.py",
    "gluon-base": "model_service/gluon_base_service.py",
    "utils-image": "utils/mxnet/image.py",
    "utils-ndarray": "utils/mxnet/ndarray.py",
    "utils-nlp": "utils/mxnet/nlp.py",
}


class StockFinder:
    """Finds our own modules instead of the files that it is told of."""

    def __init__(self, roles):
        self._roles = {os.path.realpath(path): role for path, role in roles.items()}

    def find_spec(self, name, path=None, target=None):
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not spec.has_location:
            return spec
        twin = TWINS.get(self._roles.get(os.path.realpath(spec.origin)))
        if twin is None:
            return spec
        return spec_from_file_location(name, os.path.join(HOME, *twin.split("/")))


def replace_stock():
    """Replaces what needs MXNet, unless that is there."""
    roles = json.loads(os.environ.pop("MMS_STOCK_FILES", "{}"))
    if any(role in TWINS for role in roles.values()):
        if PathFinder.find_spec("mxnet") is None:
            sys.meta_path.insert(0, StockFinder(roles))
