"""Folkmoot: a definition of five steps, filed and acted on through its services."""

from collections.abc import Callable
from pathlib import Path

from turn import STEPS, take_turns

from engine.definitions.load import loads
from engine.persistence.store import Store
from engine.service import acting, filing, organisation, seed
from tests.support.town import STATION, Town
from workflows.calendar import load_calendar
from workflows.shipped import vocabulary

FIVE = Path(__file__).with_name("five.yaml")


def make(folder: Path) -> Callable[[], None]:
    town = Town(Store.open(str(folder / "ours.db"), create=True), seeded=True)
    text = FIVE.read_text("utf-8")
    loaded = loads(text)
    if loaded.definition is None:
        raise ValueError([finding.message() for finding in loaded.findings])
    shipped = [seed.Shipped(loaded.definition, text)]
    calendars = [load_calendar("CN")]
    town.do(seed.seed, "adm", definitions=shipped, vocabulary=vocabulary(), calendars=calendars)
    town.do(organisation.import_organisation, "adm", files={"org.yaml": STATION.read_bytes()})
    given = {"case_type": "five_steps", "place": "示例一村", "what": "a lamp is out"}

    def one() -> None:
        ref = town.do(filing.file_case, "dsp-01", **given)["ref"]
        for step in STEPS[1:]:
            answer = town.do(acting.do_act, "dsp-01", ref=ref, act=step, note="as asked")
        if answer["case"]["state"] != "closed":
            raise ValueError(answer)

    return one


if __name__ == "__main__":
    take_turns(
        make, "case row, event in a hash chain, key and answer, clock, milestones; authority and guard judged"
    )
