"""What the command line does, HTTP does: every command has its resource, or runs on the server itself."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from api.route import ROUTERS
from api.twin import ON_THE_SERVER, TWINS
from cli.nouns import nouns


def commands() -> Iterator[str]:
    for name, noun in nouns().items():
        yield from ([f"{name} {verb}" for verb in noun.verbs] if noun.verbs else [name])


def addresses() -> set[str]:
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {f"{method} {route.path}" for route in found for method in route.methods}


@pytest.mark.parametrize("command", list(commands()))
def test_a_command_has_its_resource_or_runs_on_the_server(command: str) -> None:
    if command in ON_THE_SERVER:
        assert command not in TWINS
        return
    assert command in TWINS, (
        f"`{command}` has no twin over HTTP: add its resource, then a line in api/twin.py"
    )
    assert TWINS[command] in addresses()


def test_the_table_names_no_command_that_is_gone() -> None:
    assert {*TWINS, *ON_THE_SERVER} - set(commands()) == set()


def test_every_address_is_told_once_and_has_a_name_of_its_own() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    pairs = [(method, route.path) for route in routes for method in route.methods]
    names = [route.name for route in routes]
    assert sorted(pairs) == sorted(set(pairs))
    assert sorted(names) == sorted(set(names))
