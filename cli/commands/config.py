"""`folkmoot config`: the settings in force."""

from cli.command import Call, noun, reads
from cli.output.table import Column
from engine import settings

app = noun("config")

COLUMNS = (
    Column("name", head="setting"),
    Column("value", flex=True, least=16),
    Column("origin", cell=lambda row: row["origin_title"], flex=True),
)


@reads(app, "show", example="folkmoot --db demo.db config show")
def show(call: Call) -> None:
    """Every setting, its value and where it comes from."""
    items = [
        {"name": name, "value": value, "origin": origin, "origin_title": _origin(call, name, origin)}
        for name, value, origin in settings.named(call.settings)
    ]
    answer = {"items": items, "count": len(items), "next": None}
    call.table(answer, COLUMNS, empty="", after=call.word("config_order", file=settings.LOCAL_FILE))


def _origin(call: Call, name: str, origin: str) -> str:
    if origin == "flag":
        return {"database_url": "--db"}.get(name, f"--{name}")
    if origin == "environment":
        return settings.PREFIX + name.upper()
    return call.word("by_default") if origin == "default" else origin
