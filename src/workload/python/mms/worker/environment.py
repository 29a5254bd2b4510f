"""Makes an environment with what a model requires.

Run as `python environment.py FOLDER REQUIREMENTS`, by the Python whose packages
are to be there as well.
"""

import os
import subprocess
import sys
import sysconfig
import venv

PROGRAM = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
PLACE_OF_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"


def main(folder, requirements):
    """Returns pip's exit code."""
    venv.EnvBuilder(system_site_packages=True, symlinks=os.name != "nt").create(folder)
    python = os.path.join(folder, *PROGRAM)
    if sys.prefix != sys.base_prefix:
        _share_packages(python)
    install = ["install", "--disable-pip-version-check", "--no-input"]
    return subprocess.call([python, "-m", "pip"] + install + ["-r", requirements])


def _share_packages(python):
    """An environment made in another one has the packages of neither's base alone."""
    own = subprocess.check_output([python, "-c", PLACE_OF_PACKAGES], text=True).strip()
    with open(os.path.join(own, "shared.pth"), "w", encoding="utf-8") as file:
        file.write(sysconfig.get_path("purelib") + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
