"""The Python worker: answers the batches that the front sends."""
