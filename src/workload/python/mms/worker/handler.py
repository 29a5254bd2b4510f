"""Finds the function or class that a handler names, and loads it."""

import importlib
import os
import sys

from mms.context import Context


class LoadError(Exception):
    """A model that cannot be loaded, for a reason that its author can mend."""


def load_service(archive, load, version):
    """Returns `(entry point, context)`: a function of `(data, context)`."""
    manifest = archive["manifest"]
    handler = load.get("handler") or manifest.get("handler")
    context = Context(
        load["name"],
        archive["folder"],
        manifest.get("raw"),
        gpu_id=None,
        batch_size=load["batchSize"],
        server_name="MMS",
        server_version=version,
    )
    if manifest["specificationVersion"] == "0.1" and "handler" not in load:
        from mms.worker.legacy import load_legacy

        return load_legacy(archive, context), context
    return _load(handler, context), context


def _load(handler, context):
    if "MMS_STOCK_FILES" in os.environ:
        from mms.worker.stock import replace_stock

        replace_stock()
    module_name, function_name = split_handler(handler)
    module = importlib.import_module(module_name)
    function = getattr(module, function_name, None)
    if function is None:
        return _load_class(_only_class(module, function_name), context)
    if isinstance(function, type):
        return _load_class(function, context)
    function(None, context)
    return function


def split_handler(handler):
    """Returns the module and the function of `folder/module.py:function`."""
    module, _, function = handler.partition(":")
    if module.endswith(".py"):
        module = module[:-3]
    return module.rsplit("/", 1)[-1], function or "handle"


def own_classes(module):
    """Returns the classes that a module defines itself, by name."""
    return [
        value
        for _, value in sorted(vars(module).items())
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def _only_class(module, function_name):
    classes = own_classes(module)
    if len(classes) == 1:
        return classes[0]
    text = (
        "Expected only one class in custom service code or a function entry "
        'point, "{}" has {}'.format(
            module.__name__, ", ".join(it.__name__ for it in classes) or "none"
        )
    )
    names = [name for name, it in vars(module).items() if _is_function(it, module)]
    if names:
        others = ", ".join('"{}"'.format(name) for name in names)
        text += ', and no function "{}", but {}'.format(function_name, others)
    raise LoadError(text)


def _is_function(value, module):
    is_own = getattr(value, "__module__", None) == module.__name__
    return is_own and callable(value) and not isinstance(value, type)


def _load_class(service_class, context):
    base = sys.modules.get("mms.model_service.model_service")
    is_old = base is not None and issubclass(service_class, base.SingleNodeService)
    if is_old and not hasattr(service_class, "handle"):
        from mms.worker.legacy import load_class

        folder = context.system_properties["model_dir"]
        return load_class(service_class, folder, context)
    service = service_class()
    for name in ("initialize", "handle"):
        if not callable(getattr(service, name, None)):
            raise LoadError(
                'class {} has no method "{}"'.format(service_class.__name__, name)
            )
    service.initialize(context)
    return service.handle


def explain(error):
    """Says in one line why a model could not be loaded."""
    if isinstance(error, LoadError):
        return str(error)
    text = "{}: {}".format(type(error).__name__, error)
    if isinstance(error, ImportError) and error.name is not None:
        package = _PACKAGES.get(error.name.partition(".")[0])
        if package is not None:
            text += ", {} -m pip install {} gets it".format(sys.executable, package)
        if os.path.isfile(os.path.join(_BASES, error.name + ".py")):
            text += ", it is mms.model_service.{}".format(error.name)
    return text


_BASES = os.path.join(os.path.dirname(os.path.dirname(__file__)), "model_service")


# What services import, by the name that PyPI has for it.
_PACKAGES = {
    "PIL": "Pillow",
    "cv2": "opencv-python-headless",
    "gluonnlp": "gluonnlp",
    "mxnet": "mxnet",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "torch": "torch",
    "torchvision": "torchvision",
}
