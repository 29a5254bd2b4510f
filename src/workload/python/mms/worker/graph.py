"""The graph of the archive at hand, for services that run it themselves."""

import json
import os

_loading = {}


def about_to_load(archive, load):
    """Takes note of which archive services mean."""
    _loading.update(archive=archive, load=load)


def open_session():
    """Returns an `onnxruntime.InferenceSession` of the archive's graph."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _loading["load"]["threads"]
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph_path(), options, providers=["CPUExecutionProvider"]
    )


def graph_path():
    """Returns the path of the archive's ONNX file, converted if need be."""
    archive = _loading["archive"]
    graph = archive.get("graph")
    if graph is not None and graph["format"] == "onnx":
        return graph["path"]
    import subprocess
    import tempfile

    folder = _loading["load"].get("cacheFolder") or tempfile.mkdtemp(prefix="mms-")
    command = json.loads(os.environ["MMS_GRAPH_COMMAND"]) + [folder]
    converted = subprocess.run(
        command,
        input=json.dumps(archive).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if converted.returncode != 0:
        raise RuntimeError(converted.stderr.decode("utf-8", "replace").strip())
    return converted.stdout.decode()
