"""Registers: any old list of cases through the engine, with its own times, in batches that can be taken back."""

from engine.service.importing.batch import drop_empty, list_batches, show_batch, withdraw
from engine.service.importing.landing import Landed, land, open_batch, rehearse, report
from engine.service.importing.mapping import Mapping, read_mapping
from engine.service.importing.reading import Register, read_register, rejects_csv
from engine.service.importing.sketch import asked, sketch

__all__ = [
    "Landed",
    "Mapping",
    "Register",
    "asked",
    "drop_empty",
    "land",
    "list_batches",
    "open_batch",
    "read_mapping",
    "read_register",
    "rehearse",
    "rejects_csv",
    "report",
    "show_batch",
    "sketch",
    "withdraw",
]  # fmt: skip
