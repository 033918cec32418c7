"""Asks the policy before anything around cases is changed."""

from sqlalchemy import or_, select

from engine.domain.access import ADMINISTER, may_administer
from engine.domain.errors import Reason, refused
from engine.domain.messages import text
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Caller
from engine.service.desk import appointments


def require(unit: Unit, caller: Caller, what: str, *, about: str | None = None) -> None:
    """FM-R108 unless the caller may administer this; ``about``: the person it concerns."""
    held = table.columns_of(table.Appointment)
    able = select(held.c.id).where(held.c.role.in_(ADMINISTER[what])).limit(1)
    if (
        caller.identity == "asserted"
    ):  # at the file itself: when all who could be asked are gone, anew as at first
        able = able.where(or_(held.c.until.is_(None), held.c.until >= caller.now.date()))
    set_up = bool(unit.execute(able))
    own = about is not None and about == caller.person
    roles = {row["role"] for row in appointments(unit, caller)} if set_up else set()
    if may_administer(what, roles, set_up=set_up, own=own):
        return
    words = law.vocabulary(unit).roles
    params = {"actor": caller.name}
    for suffix, lang in (("", "en"), ("_zh", "zh")):
        titles = [words[r] for r in ADMINISTER[what] if r in words]
        params[f"who{suffix}"] = ("、" if lang == "zh" else ", ").join(
            t.zh if lang == "zh" and t.zh else t.title for t in titles
        )
        params[f"what{suffix}"] = text(f"word.administer.{what}", lang)
    raise refused([Reason("FM-R108", params, "who")])
