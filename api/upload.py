"""Files as bodies: which kinds are read where, and what a file of each kind is called inside. Nothing is put on
the disk: what was sent is in memory, up to the limit of uploads."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from fastapi import Request

from engine.domain.errors import UsageError

YAML = "application/yaml"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
ALSO: Mapping[str, str] = {"application/x-yaml": YAML, "text/yaml": YAML, "text/x-yaml": YAML}
UNPACKED = 128 * 1024 * 1024  # of a workbook, in bytes
SUFFIX: Mapping[str, str] = {YAML: ".yaml", CSV: ".csv", XLSX: ".xlsx", JSON: ".json"}


@dataclass(frozen=True, slots=True)
class Upload:
    kind: str
    content: bytes

    @property
    def suffix(self) -> str:
        return SUFFIX[self.kind]

    @property
    def text(self) -> str:
        """FM-U343 where it is no UTF-8."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError("FM-U343", kind="input", at=error.start) from error


async def uploaded(request: Request, *kinds: str) -> Upload:
    """FM-U371 for another kind of body, FM-U372 where there is none."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = ALSO.get(given, given)
    if kind not in kinds:
        raise UsageError("FM-U371", kind="input", given=given[:80] or "-", wanted=", ".join(kinds))
    content = await request.body()
    if not content.strip():
        raise UsageError("FM-U372", kind="input")
    if kind == XLSX and _unpacked(content) > UNPACKED:
        raise UsageError("FM-U344", kind="input", limit=UNPACKED)
    return Upload(kind, content)


def _unpacked(content: bytes) -> int:
    """How large the parts of a workbook say they are; no more is ever unpacked. What is no archive is found later."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return 0


def takes(**kinds: Any) -> dict[str, Any]:
    """``openapi_extra`` of a route that takes a file: examples by kind (``yaml``, ``csv``, ``xlsx``, ``json``)."""
    named = {"yaml": YAML, "csv": CSV, "xlsx": XLSX, "json": JSON}
    content = {named[name]: _media(name, example) for name, example in kinds.items()}
    return {"requestBody": {"required": True, "content": content}}


def _media(name: str, example: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"json": {"type": "object"}, "xlsx": {}}.get(name, {"type": "string"})
    return {"schema": schema} if example is None else {"schema": schema, "example": example}
