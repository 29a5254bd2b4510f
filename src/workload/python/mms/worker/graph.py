"""The graph of the archive at hand, for services that run it themselves."""

import json
import os

_loading = {}


def about_to_load(archive, load):
    """Takes note of which archive services mean."""
    _loading.update(archive=archive, load=load)


def graph_files():
    """Returns the files of the archive's network; None outside of a worker."""
    return _loading["archive"].get("graph") if _loading else None


def open_session(folder):
    """Returns an `onnxruntime.InferenceSession` of the archive's graph.

    `folder` is where an .onnx file lies for services outside of a worker.
    """
    import tempfile

    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    if not _loading:
        return onnxruntime.InferenceSession(
            _onnx_file(folder), options, providers=["CPUExecutionProvider"]
        )
    options.intra_op_num_threads = _loading["load"]["threads"]
    # For a graph that no cache keeps: it is in memory from here on.
    with tempfile.TemporaryDirectory(prefix="mms-") as spare:
        return onnxruntime.InferenceSession(
            _graph_path(spare), options, providers=["CPUExecutionProvider"]
        )


def _onnx_file(folder):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".onnx"))
    if names:
        return os.path.join(folder, names[0])
    raise FileNotFoundError(
        'Cannot run "{}" outside of mms: there is no .onnx file in it, '
        "mms archive --convert writes one".format(folder)
    )


def _graph_path(spare):
    """Returns the path of the archive's ONNX file, converted if need be."""
    graph = _loading["archive"].get("graph")
    if graph is not None and graph["format"] == "onnx":
        return graph["path"]
    path = _convert(_loading["load"].get("cacheFolder") or spare)
    # A cache that could not be used has taken the graph with it.
    return path if os.path.exists(path) else _convert(spare)


def _convert(folder):
    import subprocess

    converted = subprocess.run(
        json.loads(os.environ["MMS_GRAPH_COMMAND"]) + [folder],
        input=json.dumps(_loading["archive"]).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if converted.returncode != 0:
        raise RuntimeError(converted.stderr.decode("utf-8", "replace").strip())
    return converted.stdout.decode()
