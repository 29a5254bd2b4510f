"""The entry of a Python worker: `python worker.py ADDRESS`."""

import os
import sys


def start():
    if sys.version_info < (3, 8):
        sys.exit(
            "Cannot run a Python service with Python %d.%d: 3.8 or later is needed"
            % sys.version_info[:2]
        )
    home = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, home)
    # Our own modules lie in a private folder, where nobody minds bytecode.
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    from mms.worker.main import main

    sys.dont_write_bytecode = writes_none
    # PYTHONPATH names the folder too, last: what a model brings comes first.
    while sys.path[0] == home:
        del sys.path[0]
    address = sys.argv.pop()
    main(address)


if __name__ == "__main__":
    start()
