"""Events of selected cases into a file: what the services tell the caller, written by the analytics.

The file stands under its name when it is whole, and not before.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.analytics.export.form import FORMS, Form, form_of
from engine.analytics.export.writer import About, Counts
from engine.bootstrap import Engine
from engine.domain.errors import UsageError
from engine.domain.filter import refuse_future
from engine.domain.instant import to_text, whole
from engine.persistence.unit import Unit
from engine.service.caller import Answer, Caller

if TYPE_CHECKING:
    from engine.service.traced import Wanted

Told = Callable[[int], None]


def export(
    engine: Engine,
    caller: Caller,
    *,
    file: Path,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    happened: tuple[datetime | None, datetime | None] = (None, None),
    as_of: datetime | None = None,
    as_written: bool = False,
    zone: str = "Asia/Shanghai",
    force: bool = False,
    begun: Callable[[int], Told] = lambda total: lambda done: None,
) -> Answer:
    """{file, form, media_type, cases, events, objects, relations, as_of, as_written}.

    ``happened``: half-open, of when an event occurred. ``begun`` hears how many cases will be looked at, and gives who
    hears how many have been. FM-U376 for an ending that is no form, FM-U377 where the file is there already, FM-U378 where it cannot be written.
    """
    from engine.service.traced import Wanted

    form = form_of(file)
    if form is None:
        raise UsageError("FM-U376", file=str(file), known=", ".join(f".{name}" for name in FORMS))
    if file.is_dir() or (file.exists() and not force):
        raise UsageError("FM-U377", file=str(file))
    refuse_future(as_of, caller.now)
    past = None if as_of is None or as_of >= caller.at else whole(as_of)
    wanted = Wanted(filter or {}, happened, past, as_written, zone)
    about = About(to_text(past or caller.at), caller.lang, as_written)
    counts = _written(engine, caller, form, file, wanted, about, begun)
    return {
        "file": str(file),
        "form": form.name,
        "media_type": form.media_type,
        "cases": counts.cases,
        "events": counts.events,
        "objects": counts.objects,
        "relations": counts.relations,
        **{name: about.told[name] for name in ("as_of", "as_written")},
    }


def _selected(unit: Unit, caller: Caller, wanted: "Wanted") -> list[int] | None:
    """The cases that were selected at a past moment, as for the figures; None where today's rows tell."""
    if wanted.as_of is None:
        return None
    from engine.analytics.selecting import select_cases
    from engine.service.query import meant

    asked = meant(unit, caller, wanted.filter)
    return [int(n) for n in select_cases(unit, caller, filter=asked, as_of=wanted.as_of).ids]


def _written(
    engine: Engine,
    caller: Caller,
    form: Form,
    file: Path,
    wanted: "Wanted",
    about: About,
    begun: Callable[[int], Told],
) -> Counts:
    part = file.with_name(f".{file.name}.{os.getpid()}-{os.urandom(4).hex()}.part")

    def work(unit: Unit) -> Counts:  # a lost connection runs it again, from the beginning
        from engine.service import traced

        part.unlink(missing_ok=True)
        where = _selected(unit, caller, wanted)
        told = begun(traced.count(unit, caller, wanted, where))
        with form.writer(part, about) as writer:
            for done, trace in enumerate(traced.traces(unit, caller, wanted, where), start=1):
                if trace is not None:
                    writer.add(trace)
                told(done)
            writer.finish()
        return writer.counts

    try:
        counts = engine.store.read(work)
        os.replace(part, file)
    except (OSError, sqlite3.Error) as error:  # what the store itself has to say comes in words of its own
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError("FM-U378", file=str(file), detail=said) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return counts
