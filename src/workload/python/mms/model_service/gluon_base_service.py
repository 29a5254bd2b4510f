"""The bases of services of Gluon networks, with or without MXNet."""

import os

from mms.model_service.model_files import ModelFiles
from mms.model_service.model_service import SingleNodeService


class GluonImperativeBaseService(SingleNodeService):
    """Has `net`: the Gluon block that it is given, else the archive's own graph."""

    def __init__(self, *args, net=None, **options):
        if len(args) > 3 and callable(args[3]):
            # (model_name, model_dir, manifest, net, gpu)
            net = args[3]
            args = args[:3] + args[4:]
        super().__init__(*args, **options)
        self.labels = self.files.read_labels()
        if net is not None and self.param_filename:
            load_net(net, os.path.join(self.model_dir, self.param_filename))
        self.net = net

    def initialize(self, context):
        super().initialize(context)
        if self.net is None:
            self.net = graph_net(self.signature, self.model_dir)

    def _inference(self, data):
        return self.net(*data)


class GluonBaseService:
    """A service of format 1.0: `preprocess`, `inference` and `postprocess`."""

    def __init__(self):
        self.net = None
        self.labels = None
        self.signature = None
        self.param_filename = None

    def initialize(self, context):
        """Reads signature and labels, and the parameters of a `net` that is set."""
        properties = context.system_properties
        manifest = context.manifest or {}
        files = ModelFiles((context.model_name, properties["model_dir"], manifest), {})
        self.signature = files.read_signature()
        self.labels = files.read_labels()
        if self.net is None:
            self.net = graph_net(self.signature, files.folder)
        elif self.param_filename:
            load_net(self.net, os.path.join(files.folder, self.param_filename))

    def preprocess(self, data):
        """Returns the values of the inputs that the signature names."""
        names = [it["data_name"] for it in self.signature["inputs"]]
        return [data[0][name] for name in names]

    def inference(self, data):
        """Runs the network."""
        return self.net(*data)

    def postprocess(self, data):
        """Returns the likeliest classes of each row."""
        from mms.utils.mxnet import ndarray

        return [ndarray.top_probability(row, self.labels, top=5) for row in data]

    def predict(self, data):
        """Answers one request."""
        return self.postprocess(self.inference(self.preprocess(data)))

    def handle(self, data, context):
        """Answers each request of a batch."""
        return [self.predict([fields]) for fields in data]


def load_net(net, path):
    """Loads the parameters that Gluon saved."""
    load = getattr(net, "load_parameters", None) or net.load_params
    load(path)


def graph_net(signature, folder):
    """Returns the archive's graph as a function of arrays."""
    from mms.model_service.graph import Graph

    graph = Graph(signature, folder)
    return lambda *arrays: graph.run(arrays)[0]
