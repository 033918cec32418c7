"""Registers: any old list of cases through the engine, with its own times, in batches that can be taken back."""

from engine.service.importing.batch import list_batches, show_batch, withdraw
from engine.service.importing.landing import Landed, land, open_batch, report
from engine.service.importing.mapping import Mapping, read_mapping
from engine.service.importing.reading import Register, read_register
from engine.service.importing.sketch import sketch

__all__ = [
    "Landed", "Mapping", "Register", "land", "list_batches", "open_batch", "read_mapping", "read_register",
    "report", "show_batch", "sketch", "withdraw",
]  # fmt: skip
