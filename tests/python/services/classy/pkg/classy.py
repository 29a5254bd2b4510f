"""One class, in a folder, beside what it imports."""

import json
import os

import beside


class Classy:
    def initialize(self, context):
        self.properties = context.system_properties
        self.manifest = context.manifest

    def handle(self, data, context):
        here = os.path.samefile(os.getcwd(), self.properties["model_dir"])
        about = {
            "here": here,
            "beside": beside.NAME,
            "handler": self.manifest["model"]["handler"],
            "batch_size": self.properties["batch_size"],
            "gpu_id": self.properties["gpu_id"],
            "threads": os.environ["OMP_NUM_THREADS"],
            "ids": [context.get_request_id(i) for i in range(len(data))],
        }
        return [json.loads(json.dumps(about)) for _ in data]
