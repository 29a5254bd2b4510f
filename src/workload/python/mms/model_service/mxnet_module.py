"""The archive's checkpoint, on MXNet itself."""

import glob
import os

from mms.model_service.model_files import bound_shapes
from mms.worker.graph import graph_files


def open_module(signature, folder):
    """Returns an `mxnet.mod.Module` that is bound for inference."""
    import mxnet

    symbol_file, params_file = find_checkpoint(folder)
    symbol = mxnet.sym.load(symbol_file)
    arguments, auxiliary = split_parameters(mxnet.nd.load(params_file))
    shapes = bound_shapes(signature)
    names = [name for name, _ in shapes]
    module = mxnet.mod.Module(
        symbol, data_names=names, label_names=None, context=mxnet.cpu()
    )
    module.bind(for_training=False, data_shapes=shapes)
    module.set_params(arguments, auxiliary, allow_missing=True)
    return module


def find_checkpoint(folder):
    """Returns the paths of a symbol and its parameters."""
    files = graph_files()
    if files is not None and files["format"] == "mxnet":
        return files["symbol"], files["params"]
    for symbol in sorted(glob.glob(os.path.join(glob.escape(folder), "*-symbol.json"))):
        prefix = symbol[: -len("-symbol.json")]
        params = sorted(glob.glob(glob.escape(prefix) + "-[0-9][0-9][0-9][0-9].params"))
        if params:
            return symbol, params[0]
    raise FileNotFoundError(
        'Cannot run "{}" on MXNet: there is no NAME-symbol.json '
        "with its NAME-0000.params".format(folder)
    )


def split_parameters(arrays):
    """Returns arguments and auxiliary states by their names."""
    kinds = {"arg": {}, "aux": {}}
    for key, array in arrays.items():
        kind, _, name = key.rpartition(":")
        kinds[kind or "arg"][name] = array
    return kinds["arg"], kinds["aux"]
