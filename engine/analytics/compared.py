"""Two sides of cases measured over the same days and taken apart: what ``stats why`` tells of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.domain.errors import UsageError
from engine.domain.messages import text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.estimate.difference import Difference
    from engine.analytics.estimate.occupation import Occupation
    from engine.analytics.grouping import Groups
    from engine.analytics.limits import Late
    from engine.analytics.reasons import Reasons
    from engine.analytics.selecting import Mask
    from engine.analytics.staying import Stays
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

DAY = 86_400
DAYS, MOST_DAYS = 60, 3650
Range = tuple[datetime | None, datetime | None]


class Two(NamedTuple):
    """The cases of both sides; ``mine``: which of them are the unit's."""

    frame: "Frame"
    mine: "Mask"
    whose: str
    against: str

    @property
    def sizes(self) -> tuple[int, int]:
        return int(self.mine.sum()), int((~self.mine).sum())


class Compared:
    """Both sides measured and taken apart."""

    def __init__(
        self,
        unit: Unit,
        caller: Any,
        sides: Two,
        ended: "Ints",
        per: str,
        days: int | None,
        zone: str,
        by: Sequence[str],
    ) -> None:
        from engine.analytics.estimate.difference import decompose
        from engine.analytics.grouping import group_cases
        from engine.analytics.reasons import reasons_of
        from engine.analytics.unserved import Roster
        from engine.domain.counting import instant_at
        from engine.persistence.as_known import as_known

        day = datetime.fromtimestamp(sides.frame.at, ZoneInfo(zone)).date()
        self.roster = Roster(unit, sides.whose, day, as_known(unit, instant_at(sides.frame.at)))
        self.unit, self.lang, self.sides, self.frame = unit, caller.lang, sides, sides.frame
        self.ended, self.per = ended >= 0, per
        self.lasted = self.frame.lasting(ended)
        self.kinds: Groups = group_cases(self.frame, unit, by, ZoneInfo(zone))
        self.tau = self._watched(days) * DAY
        # what time is told apart by has the same number on either side: it is numbered by texts, not by cases
        self.own, other = (
            reasons_of(
                self.frame.only(which), unit, per, (self.frame.filed + self.lasted)[which], caller.lang
            )
            for which in (sides.mine, ~sides.mine)
        )
        self.mine, self.theirs = self._occupied(self.own, sides.mine), self._occupied(other, ~sides.mine)
        self.gap: Difference = decompose(self.mine, self.theirs)

    def _watched(self, asked: int | None) -> int:
        """Over how many days the means are compared: those asked for, else as many of the usual ones as are known of
        both sides: a store of some weeks knows no mean over two months."""
        from engine.analytics.estimate.curve import reach

        both = (reach(self.lasted[s], self.ended[s]) for s in (self.sides.mine, ~self.sides.mine))
        most = min((known // DAY for known in both if known is not None), default=MOST_DAYS)
        if most < (asked or 1):
            raise UsageError("FM-U714", days=asked or 1, known=most)
        return asked or min(DAYS, most)

    def _occupied(self, found: "Reasons", which: "Mask") -> "Occupation":
        from engine.analytics.estimate.occupation import Stays, occupation

        filed = found.frame.filed
        stays = (
            Stays(rows.case, rows.label, rows.begin - filed[rows.case], rows.end - filed[rows.case])
            for rows in found.portions()
        )
        return occupation(
            self.lasted[which], self.ended[which], self.kinds.of[which], len(self.kinds), stays,
            len(found.reasons), self.tau,
        )  # fmt: skip

    def told(self, *, public: bool) -> dict[str, Any]:
        from engine.analytics.estimate.rounding import add_up

        exact = [self.gap.case_mix, *self.gap.by_reason]
        seconds, total = add_up(exact, 0)
        in_days, total_days = add_up([part / DAY for part in exact], 1)
        parts = [
            {**self._part(number), "seconds": int(seconds[number + 1]), "days": float(in_days[number + 1])}
            for number in range(len(self.own.reasons))
            if self.mine.of_reason(number) or self.theirs.of_reason(number)
        ]
        parts.sort(key=lambda part: (-abs(part["seconds"]), str(part["key"])))
        return {
            "difference_s": int(total), "difference_days": float(total_days),
            "mean_s": round(self.mine.mean), "other_mean_s": round(self.theirs.mean),
            "case_mix": {"seconds": int(seconds[0]), "days": float(in_days[0]), "kinds": self._kinds(public=public)},
            "parts": [_for_all(part, self.sides.sizes[0]) for part in parts] if public else parts,
            "waited": self._waited(),
        }  # fmt: skip

    def _part(self, number: int) -> dict[str, Any]:
        from engine.analytics.limits import lengths, limits_of
        from engine.analytics.unserved import unserved_in

        reason, frame = self.own.reasons[number], self.own.frame
        told: dict[str, Any] = {"key": reason.key, "title": reason.title, **reason.people()}
        told |= {
            "n": self._sizes[number],
            "mean_s": round(self.mine.of_reason(number)), "other_s": round(self.theirs.of_reason(number)),
        }  # fmt: skip
        if self.per != "state" or not reason.key:
            return told
        limits = limits_of(self.frame, self.unit, reason.key)
        if limits:
            told["n_late"] = int(self._late.of(limits).sum())
            told["limits"] = lengths(frame, self.unit, limits, self.lang)
        unserved = unserved_in(frame, self.roster, reason.key, self.lang)
        return told | ({"unserved": unserved} if unserved else {})

    @cached_property
    def _late(self) -> "Late":
        """Of the unit's cases."""
        from engine.analytics.limits import Late

        return Late(self.own.frame)

    def _compared(self) -> Iterator[tuple["Stays", "Ints"]]:
        """Stays of the unit's cases, and the seconds of each that lie within the days that are compared."""
        import numpy as np

        frame, lasted = self.own.frame, self.lasted[self.sides.mine]
        limit = frame.filed + np.minimum(lasted, self.tau)
        for rows in self.own.portions():
            yield rows, np.maximum(0, np.minimum(rows.end, limit[rows.case]) - rows.begin)

    @cached_property
    def _sizes(self) -> list[int]:
        """How many cases of the unit spent some of these seconds for each reason."""
        import numpy as np

        from engine.analytics.estimate.numbering import distinct

        size = len(self.own.reasons)
        found = np.zeros(size, np.int64)
        for rows, seconds in self._compared():
            pairs = distinct((rows.case * size + rows.label)[seconds > 0])
            found += np.bincount(pairs % size, minlength=size)
        return found.tolist()

    def _spent(self, number: int) -> "Ints":
        """Seconds that each case of the unit spent so within these days."""
        import numpy as np

        found = np.zeros(len(self.own.frame), np.int64)
        for rows, seconds in self._compared():
            meant = rows.label == number
            np.add.at(found, rows.case[meant], seconds[meant])
        return found

    def _kinds(self, *, public: bool) -> list[dict[str, Any]]:
        """What each value of each thing that kinds are told apart by adds to the mix, the most first."""
        from engine.analytics.suppress import SMALLEST

        sums: dict[tuple[str, Any], list[Fraction]] = {}
        sizes: dict[tuple[str, Any], list[int]] = {}
        for number, key in enumerate(self.kinds.keys):
            row = (self.gap.mix[number], self.mine.share(number), self.theirs.share(number))
            for one in key.items():
                before = sums.setdefault(one, [Fraction(0)] * 3)
                sums[one] = [a + b for a, b in zip(before, row, strict=True)]
                counts = sizes.setdefault(one, [0, 0])
                counts[0] += self.mine.size[number]
                counts[1] += self.theirs.size[number]
        told = [
            {
                "by": name, "key": value, "title": _title(self.frame, self.unit, name, value, self.lang),
                "seconds": round(mix), "share": round(float(p), 6), "other_share": round(float(q), 6),
            }
            for (name, value), (mix, p, q) in sums.items()
            if not public or not any(0 < n < SMALLEST for n in sizes[name, value])
        ]  # fmt: skip
        return sorted(told, key=lambda one: (-abs(one["seconds"]), one["by"], str(one["key"])))

    def _waited(self) -> list[dict[str, Any]]:
        """Whom the unit's cases waited for until their closing or now; ``percent`` are whole and make a hundred."""
        import numpy as np

        from engine.analytics.estimate.rounding import add_up
        from engine.analytics.reasons import CLOSED, reasons_of
        from engine.analytics.staying import watched

        frame = self.own.frame
        found = reasons_of(frame, self.unit, "side", watched(frame), self.lang)
        sums = np.zeros(len(found.reasons), np.int64)
        for rows in found.portions():
            np.add.at(sums, rows.label, rows.seconds)
        spent = [
            (reason, seconds)
            for reason, seconds in zip(found.reasons, sums.tolist(), strict=True)
            if reason.key not in (None, CLOSED)
        ]
        spent = sorted((one for one in spent if one[1]), key=lambda one: (-one[1], str(one[0].key)))
        whole = sum(seconds for _, seconds in spent)
        percents, _ = add_up([Fraction(100 * seconds, whole) for _, seconds in spent], 0)
        return [
            {"key": reason.key, "title": reason.title, "seconds": seconds, "share": round(seconds / whole, 6), "percent": int(percent)}
            for (reason, seconds), percent in zip(spent, percents, strict=True)
        ]  # fmt: skip

    def cases(self, name: str) -> list[dict[str, Any]]:
        """The unit's cases behind a part (see behind.part), the longest first. FM-U715 for a part that is not there, FM-U726
        for a word that fits several."""
        import numpy as np

        from engine.analytics.behind import longest, part

        number = part(name, self.own.reasons, lambda known: UsageError("FM-U715", reason=name, known=known))
        spent = self._spent(number)
        where = np.flatnonzero(spent)
        return longest(self.unit, self.own.frame, None, where, spent[where], {})


def _for_all(part: dict[str, Any], n: int) -> dict[str, Any]:
    from engine.analytics.suppress import SMALLEST

    return {
        name: None
        if name in ("n", "n_late") and (0 < value < SMALLEST or 0 < n - value < SMALLEST)
        else value
        for name, value in part.items()
        if name != "unserved"
    }


def _title(frame: "Frame", unit: Unit, name: str, value: Any, lang: str) -> str:
    """What a kind of case is called: by its definition where it is a type or a choice."""
    from engine.analytics.titles import followed

    if value is None:
        return text("word.wait_unknown", lang)
    for definition in (each.definition for each in followed(frame, unit)):
        if definition is None:
            continue
        if name == "type" and definition.case_type == value:
            return definition.text("title", lang, definition.title)
        field = definition.fields.get(name)
        if field is not None and value in (field.options or ()):
            return definition.text(f"fields.{name}.{value}", lang, str(value).replace("_", " "))
    return str(value)
