"""`folkmoot worker` that is told to stop while it is only beginning."""

import subprocess
import sys

import pytest

from tests.support.commandline import Shell

STOPPED_WHILE_IT_LOADS = """
import os, signal, sys
from importlib.abc import MetaPathFinder

MODULE = sys.argv[1]

class Stop(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == MODULE:
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Stop())
from cli.main import run
sys.argv = ["folkmoot", "worker", "--json"]
run()
"""


@pytest.mark.parametrize("module", ["cli.commands.worker", "engine.bootstrap", "engine.working"])
def test_one_that_is_stopped_while_it_loads_ends_well(station: Shell, module: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", STOPPED_WHILE_IT_LOADS, module],
        cwd=station.folder, env=station.surroundings(None), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
