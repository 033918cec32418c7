"""The server process: opens the store, listens, answers until it is told to stop.

`folkmoot serve` replaces itself by `python -m api` with these arguments; the database and the language come in
the environment, as settings do. SIGTERM and SIGINT end it with status 0 after everything in hand was answered.
"""

import argparse
import gc
import ipaddress
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.lone import Mark
from api.problem import details
from api.settings import ServeSettings
from api.wire import encode
from engine import settings as configuration
from engine.bootstrap import Engine, open_engine
from engine.domain.errors import FolkmootError, UsageError
from engine.domain.messages import catalogue, tell, text
from engine.persistence import address
from engine.service import token

HOST, PORT = "127.0.0.1", 8080
WORKER = "FOLKMOOT_SERVE_WORKER"  # to the processes of one server
LAST_PORT = 65_535
BACKLOG = 2048
STOP_S = 30  # how long what is in hand may take when the server ends
IDLE_S = 75  # how long a quiet connection is kept


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    lang = "en"
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        settings = configuration.load()
        lang = settings.lang
        if args.sandbox:
            _serve_sandbox(args, lang)
        else:
            _serve(args, settings)
    except FolkmootError as error:
        _end(error, lang, as_json=args.json)


def _leave(number: int, frame: FrameType | None) -> None:
    """Before the server listens to signals itself there is nothing in hand."""
    del number, frame
    sys.exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api")
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--worker", action=argparse.BooleanOptionalAction, default=None)
    parser.add_argument("--sandbox", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser


def _end(error: FolkmootError, lang: str, *, as_json: bool) -> None:
    sys.stdout.flush()
    if as_json:
        sys.stdout.buffer.write(encode({"problem": details(error, lang, tell=tell)}) + b"\n")
    else:
        for reason in error.reasons:
            sys.stderr.write(f"{reason.code}  {tell(reason, lang)}\n")
    sys.exit(catalogue()[error.code]["exit"])


# ---- one server --------------------------------------------------------------------------------


def _serve(args: argparse.Namespace, settings: configuration.Settings) -> None:
    place = address.parse(settings.database_url)
    on_file = place.dialect == "sqlite"
    if args.workers > 1 and on_file:
        raise UsageError("FM-U363")
    worker = on_file if args.worker is None else args.worker
    with open_engine(settings) as engine:
        tokens = engine.read(token.count_tokens, engine.caller(person=None))
    if not tokens and not is_loopback(args.host):
        raise UsageError("FM-U360", host=args.host)
    listening = listen(args.host, args.port)
    mark = Mark(place.file) if on_file else None
    others = mark is not None and mark.others
    _say(listening, str(place), tokens, settings.lang, worker=worker, others=others, as_json=args.json)
    if args.workers > 1:
        _serve_by_several(args.workers, worker, listening)
    else:
        engine = open_engine(settings, threads=ServeSettings.threads)
        run(
            create_app(
                engine,
                settings=ServeSettings(worker=worker, zone=settings.zone),
                lang=settings.lang,
                close=True,
            ),
            listening,
        )


def _serve_sandbox(args: argparse.Namespace, lang: str) -> None:
    """Over a store of its own; the configured one is not touched."""
    from api import sandbox as sandboxes  # what the sample county takes to load is for the sandbox only
    from api.route.sandbox import furnish

    if args.workers > 1:
        raise UsageError("FM-U363")
    listening = listen(args.host, args.port)
    sandbox = sandboxes.open_sandbox(lang=lang, keep=args.keep, say=_aside)
    try:
        store = str(address.parse(str(sandbox.path)))
        told = {"sandbox": sandbox.to_json()} if args.json else {}
        _say(listening, store, len(sandbox.people), lang, worker=True, as_json=args.json, **told)
        if not args.json:
            sys.stdout.write("\n".join([*sandboxes.told(sandbox, lang), ""]))
            sys.stdout.flush()
        app = create_app(sandbox.engine, lang=lang)
        furnish(app, sandbox)
        run(app, listening)
    finally:
        sandbox.close()


def _aside(line: str) -> None:
    sys.stderr.write(line + "\n")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it; an unknown name may be anything."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections already; FM-U362 where it cannot."""
    if not 0 <= port <= LAST_PORT:
        raise UsageError("FM-U362", host=host, port=port, problem=f"0..{LAST_PORT}")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(BACKLOG)
    except OSError as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise UsageError("FM-U362", host=host, port=port, problem=problem) from error
    listening.set_inheritable(True)
    return listening


def _say(
    listening: socket.socket,
    store: str,
    tokens: int,
    lang: str,
    *,
    worker: bool,
    as_json: bool,
    **more: Any,
) -> None:
    """Where it listens, over which database, for how many tokens, and where to read on."""
    host, port = listening.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    told = {
        "address": url,
        "database": store,
        "tokens": tokens,
        "docs": f"{url}/docs",
        "worker": worker,
        "others": False,
        **more,
    }
    if as_json:
        sys.stdout.buffer.write(encode(told) + b"\n")
    else:
        sys.stdout.write(text("word.serving", lang, **told) + "\n")
        if not tokens:
            sys.stdout.write(text("word.no_tokens", lang) + "\n")
        if not worker:
            sys.stdout.write(text("word.no_worker", lang) + "\n")
        if told["others"]:
            sys.stdout.write(text("word.served_already", lang, database=store) + "\n")
    sys.stdout.flush()


class Server(uvicorn.Server):
    """Ends by itself, with status 0, where uvicorn would end by the signal that stopped it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def config(app: FastAPI | str, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app, ws="none", lifespan="on", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, backlog=BACKLOG, timeout_keep_alive=IDLE_S, timeout_graceful_shutdown=STOP_S, **more,
    )  # fmt: skip


def run(app: FastAPI, listening: socket.socket) -> None:
    """Until a signal ends it."""
    _settle()
    Server(config(app)).run(sockets=[listening])


def _settle() -> None:
    """What was built at the start stays; the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


# ---- several processes on PostgreSQL -----------------------------------------------------------


def _serve_by_several(count: int, worker: bool, listening: socket.socket) -> None:
    os.environ[WORKER] = "1" if worker else ""
    Multiprocess(config("api.serve:made_here", factory=True, workers=count), [listening]).run()


def made_here() -> FastAPI:
    """The application of one of several processes."""
    Thread(target=_end_with_parent, name="folkmoot-parent", daemon=True).start()
    settings = configuration.load()
    engine: Engine = open_engine(settings, threads=ServeSettings.threads)
    _settle()
    serve = ServeSettings(worker=bool(os.environ.get(WORKER)), zone=settings.zone)
    return create_app(engine, settings=serve, lang=settings.lang, close=True)


def _end_with_parent() -> None:
    """Nobody is left behind on the port when the process that began all was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
