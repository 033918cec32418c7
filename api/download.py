"""Files as answers: kind, name, and a tag where the same text is always the same file."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from api import header
from api.door import PRIVATE, Door
from api.upload import CSV, XLSX, YAML

KINDS = {
    "xlsx": XLSX,
    "csv": f"{CSV}; charset=utf-8",
    "yaml": f"{YAML}; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "chart": "application/vnd.folkmoot.chart+json",
    "mmd": "text/vnd.mermaid; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "zip": "application/zip",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}
# a drawing or a paper may hold words of a definition or a case; it runs no scripts and fetches nothing
ALONE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def file(
    door: Door, content: bytes | str, name: str, *, shown: bool = False, lasting: bool = False, kind: str = ""
) -> Response:
    """``shown``: a browser shows it instead of saving it. ``lasting``: at this address it never changes. ``kind``:
    which of :data:`KINDS`, where the name's ending does not say it."""
    body = content.encode() if isinstance(content, str) else content
    suffix = kind or name.rpartition(".")[2]
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    how = "inline" if shown else "attachment"
    headers = {**PRIVATE, "ETag": etag, "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
    if lasting:
        headers["Cache-Control"] = "private, max-age=31536000, immutable"
    if suffix in ("svg", "html"):
        headers |= ALONE
    if header.matches(door.exchange.headers.get(b"if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=KINDS[suffix], headers=headers)


PORTION = 256 * 1024


def streamed(door: Door, path: Path, name: str, media_type: str, **told: int) -> Response:
    """A file that was made for this answer in a folder of its own, portion by portion; the folder is gone before the
    first. ``told``: counts, as headers."""
    size, file = path.stat().st_size, path.open("rb")
    rmtree(path.parent, ignore_errors=True)  # whoever goes away in the middle leaves nothing behind

    async def portions() -> AsyncIterator[bytes]:
        with file:
            while portion := await door.in_thread(file.read, PORTION):
                yield portion

    headers = {**PRIVATE, "Cache-Control": "private, no-store", "Content-Length": str(size)}
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    headers |= {f"Folkmoot-{what.title()}": str(count) for what, count in told.items()}
    return StreamingResponse(portions(), media_type=media_type, headers=headers)


def of_kind(*suffixes: str) -> dict[str, object]:
    """What the document says of an answer that is a file."""
    kinds = [KINDS[suffix].partition(";")[0] for suffix in suffixes]
    text = {"svg", "csv", "md", "mmd", "html"}  # a YAML answer is what it says, not a string
    return {
        "content": {
            kind: {"schema": {"type": "string"} if suffix in text else {}}
            for suffix, kind in zip(suffixes, kinds, strict=True)
        }
    }
