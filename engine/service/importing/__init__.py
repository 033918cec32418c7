"""Registers: any old list of cases through the engine, with its own times, in batches that can be taken back."""

from engine.service.importing.batch import drop_empty, list_batches, show_batch, withdraw
from engine.service.importing.landing import Landed, land, open_batch, rehearse, report
from engine.service.importing.mapping import Mapping, read_mapping
from engine.service.importing.reading import Register, cases_in, read_register, rejects_csv
from engine.service.importing.rejects import list_rejects
from engine.service.importing.sketch import asked, sketch, sketch_for
from engine.service.importing.whole import finish, first_answer

__all__ = [
    "Landed",
    "Mapping",
    "Register",
    "asked",
    "cases_in",
    "drop_empty",
    "finish",
    "first_answer",
    "land",
    "list_batches",
    "list_rejects",
    "open_batch",
    "read_mapping",
    "read_register",
    "rehearse",
    "rejects_csv",
    "report",
    "show_batch",
    "sketch",
    "sketch_for",
    "withdraw",
]  # fmt: skip
