"""Makes every example of the HTTP document and writes what was answered: `python -m tests.contract.api_examples`."""

import json
import tempfile
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from api import examples
from api.route import ROUTERS
from engine.persistence import address, schema
from tests.support import exemplary

TARGET = Path(examples.__file__).parent / "example" / "answers.json"


def operations() -> dict[str, tuple[str, str]]:
    """Name -> method and path."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {route.name: (sorted(route.methods or ())[0], route.path) for route in routes}


def make(folder: Path) -> dict[str, Any]:
    """What each example answers; before each that changes something nothing has happened yet."""
    found: dict[str, Any] = {}
    store = exemplary.Exemplary(template(folder), folder)
    for name, (method, path) in sorted(operations().items(), key=lambda one: (one[1][0] != "GET", one)):
        if method != "GET":
            store.renew()
        found[name] = exemplary.told(store.ask(method, path, examples.requests()[name]))
    store.close()
    return found


def template(folder: Path) -> Path:
    path = folder / "exemplary.db"
    schema.create(address.parse(str(path)))
    exemplary.build(f"sqlite:///{path}")
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        made = make(Path(name))
    for operation, answer in made.items():
        if answer["status"] >= 300:
            print(operation, json.dumps(answer["body"], ensure_ascii=False)[:600])  # noqa: T201
    TARGET.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
