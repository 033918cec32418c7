"""Every scenario of ``features/``; a step that nobody wrote fails its scenario."""

from pytest_bdd import scenarios

scenarios(".")
