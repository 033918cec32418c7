"""A small register brought into a store."""

from pathlib import Path

from engine.service import importing
from engine.service.importing import Landed
from tests.support.town import Town

DATA = Path(__file__).parent.parent / "data"
MAP = (DATA / "baltimore_311.map.yaml").read_text("utf-8")
ROWS = (DATA / "baltimore_like.csv").read_bytes()


def bring(town: Town, content: bytes = ROWS, *, live: bool = False, text: str = MAP) -> tuple[Landed, int]:
    """What landed, and the number of the batch."""
    mapping = importing.read_mapping(text)
    register = importing.read_register("like.csv", content)
    opened = town.do(importing.open_batch, "adm", name="like.csv", mapping=mapping, header=register.header)
    landed = town.do(
        importing.land,
        "adm",
        batch=opened["batch"],
        mapping=mapping,
        register=register,
        cases=importing.cases_in(register, mapping),
        live=live,
    )
    return landed, opened["batch"]
