"""The log of others that lies in ``tests/data/receipt``, and any log or register brought in by a map."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

from engine.service import importing
from tests.support.town import Town

FOLDER = Path(__file__).parent.parent / "data" / "receipt"
START_TO_END = (FOLDER / "start_to_end.map.yaml").read_text("utf-8")
FIRST_TO_LAST = (FOLDER / "first_to_last.map.yaml").read_text("utf-8")


def log() -> bytes:
    return gzip.decompress((FOLDER / "receipt.csv.gz").read_bytes())


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(log().decode())))


def bring(town: Town, content: bytes, text: str, *, portion: int = 100) -> tuple[dict[str, Any], list[Any]]:
    """The report and what was left out, by portions as the doors do it."""
    mapping = importing.read_mapping(text)
    register = importing.read_register("log.csv", content)
    opened = town.do(importing.open_batch, "adm", name="map.yaml", mapping=mapping, header=register.header)
    total = importing.Landed()
    cases = importing.cases_in(register, mapping)
    for begin in range(0, len(cases), portion):
        made = town.do(
            importing.land, "adm", batch=opened["batch"], mapping=mapping, register=register, cases=cases[begin : begin + portion]
        )  # fmt: skip
        register.seen |= made.keys
        total.add(made)
    return importing.report(total, opened["batch"], "en", register.notes), total.rejects
