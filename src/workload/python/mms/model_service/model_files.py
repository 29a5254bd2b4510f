"""Which model a service is constructed for, however its age was told."""

import json
import os


class ModelFiles:
    """A model's name, folder and manifest, and what it is to run on.

    Read from what a constructor was given: `(model_name, model_dir, manifest,
    gpu)`, before that `(service_name, path, gpu)`, and at first `(path, synset,
    ctx)`, where the path may be that of an archive.
    """

    def __init__(self, args, options):
        given = dict(zip(_names_for(args), args))
        given.update(options)
        name = given.get("model_name") or given.get("service_name")
        path = given.get("model_dir") or given.get("path")
        if path is None:
            raise TypeError("a service is constructed with the path of its model")
        self._unpacked = None
        self.folder = path if os.path.isdir(path) else self._unpack(path)
        self.name = name or os.path.splitext(os.path.basename(path))[0]
        self.manifest = given.get("manifest") or _read_manifest(self.folder)
        self.parameters = (self.manifest or {}).get("Model", {}).get("Parameters")
        self.synset = given.get("synset")
        self.gpu = given.get("gpu")
        self.ctx = given.get("ctx")

    def read_signature(self):
        """Returns what the file says that the manifest names."""
        return read_signature(self.folder, self.manifest)

    def read_labels(self):
        """Returns the lines of `synset.txt`, or None where there is none."""
        for file in (self.synset, "synset.txt", os.path.join("assets", "synset.txt")):
            path = file and os.path.join(self.folder, file)
            if path and os.path.isfile(path):
                with open(path, encoding="utf-8") as lines:
                    return [line.strip() for line in lines]
        return None

    def _unpack(self, path):
        import tempfile
        import zipfile

        self._unpacked = tempfile.TemporaryDirectory(prefix="mms-")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(self._unpacked.name)
        return self._unpacked.name


def construct(service_class, *files):
    """Constructs a service for `(name, folder, manifest, gpu)` as it asks for it."""
    name, folder, manifest, gpu = files
    code = getattr(service_class.__init__, "__code__", None)
    asked = code.co_varnames[1 : code.co_argcount] if code else ()
    if asked[:1] == ("path",):
        return service_class(folder)
    if asked[1:2] == ("path",):
        return service_class(name, folder, gpu)
    return service_class(name, folder, manifest, gpu)


def read_signature(model_dir, manifest):
    """Returns what the file says that the manifest names."""
    model = (manifest or {}).get("Model") or {}
    file = model.get("Signature") or "signature.json"
    with open(os.path.join(model_dir, file), encoding="utf-8") as opened:
        return json.load(opened)


def bound_shapes(signature):
    """Returns the name and shape of each input, with 1 where any extent will do."""
    return [
        (it["data_name"], tuple(extent or 1 for extent in it["data_shape"]))
        for it in signature["inputs"]
    ]


def _names_for(args):
    second = args[1] if len(args) > 1 else None
    if not isinstance(second, str) or not os.path.isdir(second):
        return ("path", "synset", "ctx")
    if len(args) > 2 and (args[2] is None or isinstance(args[2], dict)):
        return ("model_name", "model_dir", "manifest", "gpu")
    return ("service_name", "path", "gpu")


def _read_manifest(folder):
    path = os.path.join(folder, "MANIFEST.json")
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as opened:
        return json.load(opened)
