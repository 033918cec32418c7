"""An audit looks at one moment: others write and seal meanwhile, and it never takes their work for damage."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from engine.persistence.store import Store
from engine.service import acting, audit, doctor, filing, seal, worker
from tests.support.town import Town
from tests.support.walk import PLACE

ROUNDS = 12


def test_nothing_is_damage_while_others_write_and_seal(database_url: str) -> None:
    with Store.open(database_url) as one, Store.open(database_url) as two, Store.open(database_url) as three:
        town = Town(one)
        sealing, looking = Town(two, people=False), Town(three, people=False)
        done = Event()

        def write() -> int:
            for number in range(ROUNDS):
                ref = town.do(
                    filing.file_case,
                    "dsp-01",
                    case_type="dispute_mediation",
                    place=PLACE,
                    what=f"wall {number}",
                )["ref"]
                town.do(acting.note, "dsp-01", ref=ref, text="came by")
                town.pass_(hours=9)
                town.do(worker.sweep, "system")
            done.set()
            return ROUNDS

        def make_seals() -> int:
            made = 0
            while not done.is_set():
                made += sealing.do(seal.make, "system", limit=3)["sealed"]
            return made

        with ThreadPoolExecutor(2) as pool:
            busy = [pool.submit(write), pool.submit(make_seals)]
            answers = []
            while not done.is_set():
                answers.append(looking.ask(audit.verify, "adm"))
            assert all(future.result() for future in busy)
        assert [one["breaks"] for one in answers if not one["holds"]] == []
        assert len({one["checked"]["events"] for one in answers}) > 1  # it did look while the store grew
        told = town.ask(doctor.examine, "adm")
        assert set(told["broken"]) <= {"durable", "sealing"}
