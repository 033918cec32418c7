"""An anchor: the last seal as one line, to be kept where whoever can write the database cannot."""

from engine.domain import anchor as anchors
from engine.domain.instant import to_text
from engine.persistence import seal as seals
from engine.persistence.raw import rows
from engine.persistence.unit import Unit
from engine.service.audit.sealed import instant
from engine.service.caller import Answer, Caller


def anchor(unit: Unit, caller: Caller) -> Answer:
    """The last seal: {n, root, anchor, sealed_at, events, unsealed, as_of}; all null or 0 where there is none.

    ``anchor`` is the line for paper; ``unsealed`` counts events that no seal holds yet. Seals are made by
    ``engine.service.seal.make``.
    """
    last = seals.last(unit)
    unsealed, _since = seals.behind(unit, last.upto if last else seals.START)
    total = rows(unit, "SELECT coalesce(sum(count), 0) FROM seal")[0][0]
    return {
        "n": last.n if last else None,
        "root": last.root.hex() if last else None,
        "anchor": anchors.write(last.n, last.root) if last else None,
        "sealed_at": instant(last.at) if last else None,
        "events": int(total),
        "unsealed": unsealed,
        "as_of": to_text(caller.at),
    }
