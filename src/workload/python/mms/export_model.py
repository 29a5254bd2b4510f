"""Exports a network from the program that trained it."""

import json
import os
import shutil
import subprocess
import tempfile

from mms.model_service.model_files import bound_shapes

# The variable that names the program where it is not on the path.
COMMAND_VARIABLE = "MMS_COMMAND"


def export_serving(model, name, signature, aux_files=(), export_path="."):
    """Writes `name.model` into `export_path` and returns its path.

    `model` is an `mxnet.mod.Module` that is bound and has parameters, or a
    hybridized Gluon network that has run once. What `signature` leaves out of
    `inputs` and `outputs` is read from the model. `aux_files` are packed as well,
    such as `synset.txt`. What mms refuses is a `ValueError`.
    """
    target = os.path.join(os.path.abspath(export_path), name + ".model")
    with tempfile.TemporaryDirectory(prefix="mms-") as folder:
        prefix = os.path.join(folder, name)
        known = _save_module(model, prefix) if _is_module(model) else _save_net(
            model, prefix, signature
        )
        with open(os.path.join(folder, "signature.json"), "w") as file:
            json.dump({**known, **signature}, file, indent=2)
        for path in aux_files:
            shutil.copy(path, folder)
        _run_export(name, folder, os.path.dirname(target))
    return target


def _is_module(model):
    return hasattr(model, "save_checkpoint")


def _save_module(module, prefix):
    """Writes the checkpoint, and returns inputs and outputs as signed."""
    if not (module.binded and module.params_initialized):
        raise ValueError(
            "Cannot export the module: it is not bound or has no parameters, "
            "bind() and init_params() or fit() would be right"
        )
    module.save_checkpoint(prefix, 0)
    return {
        "inputs": [_signed(*it[:2]) for it in module.data_shapes],
        "outputs": [_signed(*it[:2]) for it in module.output_shapes],
    }


def _save_net(net, prefix, signature):
    """Writes the checkpoint, and returns the outputs that the inputs lead to."""
    if not hasattr(net, "export"):
        raise ValueError(
            "Cannot export a {}: a Module or a hybridized Gluon network "
            "would be right".format(type(net).__name__)
        )
    if not signature.get("inputs"):
        raise ValueError(
            "Cannot export the Gluon network: its signature names no inputs, "
            'such as {"data_name": "data", "data_shape": [0, 3, 224, 224]}'
        )
    net.export(prefix, epoch=0)
    if signature.get("outputs"):
        return {}
    import mxnet

    symbol = mxnet.sym.load(prefix + "-symbol.json")
    _, outputs, _ = symbol.infer_shape(**dict(bound_shapes(signature)))
    return {"outputs": [_signed(*it) for it in zip(symbol.list_outputs(), outputs)]}


def _signed(name, shape):
    """The first extent is the batch, for which 0 stands."""
    return {"data_name": name, "data_shape": [0] + [int(it) for it in shape[1:]]}


def _run_export(name, folder, target):
    command = os.environ.get(COMMAND_VARIABLE) or shutil.which("mms")
    if command is None:
        raise FileNotFoundError(
            'Cannot export "{}": there is no program mms on the path, '
            "the variable {} names it elsewhere".format(name, COMMAND_VARIABLE)
        )
    done = subprocess.run(
        [command, "export", "--model-name", name, "--model-path", folder],
        cwd=target,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise ValueError(done.stderr.decode("utf-8", "replace").strip())
