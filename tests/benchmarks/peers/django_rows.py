"""Django's models of the rows; imported when Django is set up."""

from typing import ClassVar

from django.db import models
from django_fsm import FSMField, transition


class Case(models.Model):
    ref = models.TextField(unique=True)
    state = FSMField(default="new")
    version = models.IntegerField(default=0)
    due = models.TextField(null=True)
    head = models.TextField(default="")
    body = models.TextField()

    class Meta:
        app_label = "five"

    def calm(self) -> bool:
        return True

    @transition(field=state, source="new", target="opened")
    def open(self) -> None: ...

    @transition(field=state, source="opened", target="taken")
    def take(self) -> None: ...

    @transition(field=state, source="taken", target="worked", conditions=[calm])
    def work(self) -> None: ...

    @transition(field=state, source="worked", target="checked")
    def check_(self) -> None: ...

    @transition(field=state, source="checked", target="closed")
    def close(self) -> None: ...


class Event(models.Model):
    case = models.ForeignKey(Case, models.CASCADE)
    seq = models.IntegerField()
    hash = models.TextField()
    body = models.TextField()

    class Meta:
        app_label = "five"
        unique_together: ClassVar = [("case", "seq")]


class Key(models.Model):
    key = models.TextField(primary_key=True)
    answer = models.TextField()

    class Meta:
        app_label = "five"
