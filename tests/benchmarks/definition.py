"""How long a large definition takes from text to a compiled program: run with ``python -m tests.benchmarks.definition``."""

import sys
from time import process_time

from engine.definitions.analysis import analyse
from engine.definitions.canonical import content_hash
from engine.definitions.load import loads
from engine.definitions.outline import Outline
from engine.machine.program import compile_definition
from tests.support.bigdef import big
from tests.support.sound import VOCABULARY


def measure(rounds: int = 5) -> dict[str, dict[str, float]]:
    """Best of some rounds, in seconds of CPU time."""
    text = big()
    best: dict[str, float] = {}
    for _ in range(rounds):
        begun = process_time()
        loaded = loads(text)
        read = process_time()
        if loaded.definition is None:
            raise ValueError([finding.message() for finding in loaded.findings])
        analyse(Outline(loaded.definition), positions=loaded.positions, vocabulary=VOCABULARY)
        analysed = process_time()
        program = compile_definition(loaded.definition, content_hash(loaded.definition), VOCABULARY)
        for key in program.texts:  # in use each is compiled when it is first judged
            program.expression(key)
        spent = {"load": read - begun, "analyse": analysed - read, "compile": process_time() - analysed}
        spent["in all"] = process_time() - begun
        for name, seconds in spent.items():
            best[name] = min(seconds, best.get(name, seconds))
    return {"definition_s": best}


if __name__ == "__main__":
    for part, best in measure()["definition_s"].items():
        sys.stdout.write(f"{part:10} {best * 1000:7.1f} ms\n")
