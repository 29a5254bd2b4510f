"""Services of format 0.x: a class that derives from `SingleNodeService`."""

import ast
import importlib.util
import os

from mms.model_service.model_files import construct, read_signature
from mms.model_service.model_service import SingleNodeService
from mms.worker.handler import LoadError, own_classes


def load_legacy(archive, context):
    """Returns the entry point of the class in the file that the manifest names."""
    folder, manifest = archive["folder"], archive["manifest"]
    context.manifest = manifest.get("raw")
    return load_class(_service_class(folder, manifest["handler"]), folder, context)


def load_class(service_class, folder, context):
    """Returns the entry point of a class that derives from `SingleNodeService`."""
    gpu = context.system_properties["gpu_id"]
    name = context.model_name
    service = construct(service_class, name, folder, context.manifest, gpu)
    if not hasattr(service, "signature"):
        # Its own constructor did not call ours.
        service.signature = read_signature(folder, context.manifest)
    service.initialize(context)
    return _adapter(service)


def _service_class(folder, file):
    path = os.path.join(folder, file if file.endswith(".py") else file + ".py")
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if not os.path.isfile(path):
        raise LoadError('there is no service file "{}"'.format(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for candidate in own_classes(module):
        if issubclass(candidate, SingleNodeService):
            return candidate
    raise LoadError(
        '"{}" defines no class that derives from SingleNodeService'.format(file)
    )


def _adapter(service):
    def handle(data, context):
        answers = []
        for fields in data:
            answer = service.inference(_values(fields, service.signature))
            answers.extend(answer if isinstance(answer, list) else [answer])
        return answers

    handle.__module__ = type(service).__module__
    return handle


def _values(fields, signature):
    """Returns a list with the value of each input, or with the only one sent."""
    names = [it.get("data_name") for it in signature.get("inputs") or ()]
    if len(names) > 1 and all(name in fields for name in names):
        return [_parsed(fields[name], signature) for name in names]
    for name in names[:1] + ["body", "data"]:
        if fields.get(name) is not None:
            return [_parsed(fields[name], signature)]
    return [None]


def _parsed(value, signature):
    """Forms have numbers as text: as Python writes them, so it was."""
    is_json = signature.get("input_type") == "application/json"
    if not is_json or not isinstance(value, (bytes, bytearray)):
        return value
    return ast.literal_eval(value.decode("utf-8"))
