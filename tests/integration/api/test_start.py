"""What an API process holds in memory before anybody asks for something that needs more."""

import subprocess
import sys

HEAVY = {"numpy", "scipy", "grandalf", "openpyxl", "holidays"}


def test_a_process_begins_without_the_libraries_that_few_requests_need() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, api.app; print(*sys.modules)"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert HEAVY & set(said.stdout.split()) == set()
