"""django-fsm-2 with Django's ORM."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from turn import STATES, STEPS, event_text, link, take_turns


def make(folder: Path) -> Callable[[], None]:
    name = str(folder / "django.db")
    options = {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    settings.configure(
        DATABASES={"default": database}, INSTALLED_APPS=[], DEFAULT_AUTO_FIELD="django.db.models.AutoField"
    )
    django.setup()

    from django.db import connection, transaction
    from django_rows import Case, Event, Key

    with connection.schema_editor() as editor:
        for model in (Case, Event, Key):
            editor.create_model(model)
    count = 0

    def one() -> None:
        nonlocal count
        count += 1
        ref = f"C-{count}"
        for step in STEPS:
            key = uuid.uuid4().hex
            with transaction.atomic():
                if Key.objects.filter(key=key).first() is not None:
                    raise ValueError(key)
                case = Case.objects.filter(ref=ref).first()
                if case is None:
                    case = Case(ref=ref, body=json.dumps({"ref": ref, "what": "a lamp is out", "states": []}))
                # Django has a `check` of its own
                getattr(case, "check_" if step == "check" else step)()
                case.version += 1
                text = event_text(count, case.version, step)
                case.head = link(case.head, text)
                case.due = "2026-12-01" if case.version == 1 else None
                body = json.loads(case.body)
                body["states"].append(case.state)
                case.body = json.dumps(body)
                case.save()
                Event.objects.create(case=case, seq=case.version, hash=case.head, body=text)
                answer = {"ref": ref, "state": case.state, "version": case.version}
                Key.objects.create(key=key, answer=json.dumps(answer))
        if case.state != STATES[-1]:
            raise ValueError(case.state)

    return one


if __name__ == "__main__":
    take_turns(make, "case row, event with hash, key")
