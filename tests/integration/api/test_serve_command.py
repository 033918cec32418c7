"""`folkmoot serve` and `folkmoot token`: what is checked before anything listens, and what becomes of the process."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from tests.support.commandline import PROGRAM, Shell


class TestTokens:
    def test_are_made_listed_and_revoked(self, station: Shell) -> None:
        made = station("token", "create", "dsp-01", "--label", "console", "--as", "chf-01")
        assert made.status == 0, made.err
        head, secret = made.out.strip().splitlines()
        assert "T-1" in head
        assert secret.startswith("fmk_")
        listed = station("token", "list", "--as", "chf-01", "--json").json
        assert [(item["id"], item["person"], item["label"]) for item in listed["items"]] == [
            ("T-1", "dsp-01", "console")
        ]
        assert secret not in json.dumps(listed)
        gone = station("token", "revoke", "T-1", "--as", "chf-01")
        assert "T-1" in gone.out
        assert station("token", "list", "--as", "chf-01", "--json").json["count"] == 0
        every = station("token", "list", "--all", "--as", "chf-01", "--json").json["items"]
        assert [item["status"] for item in every] == ["revoked"]

    def test_a_repeated_key_tells_no_secret(self, station: Shell) -> None:
        typed = ("token", "create", "dsp-01", "--key", "k1", "--as", "chf-01", "--lang", "zh")
        first, second = station(*typed), station(*typed)
        assert "fmk_" in first.out
        assert "fmk_" not in second.out
        assert "T-1" in second.out

    def test_end_when_it_is_said(self, station: Shell) -> None:
        made = station("token", "create", "dsp-01", "--until", "2026-12-01", "--as", "chf-01", "--json").json
        assert made["expires_at"].startswith("2026-1")
        assert (
            station("token", "create", "dsp-01", "--until", "2026-01-01T00:00+08:00", "--as", "chf-01").status
            == 2
        )

    def test_are_not_for_everybody_and_not_for_nobody(self, station: Shell) -> None:
        assert station("token", "create", "dsp-01", "--as", "aux-07").status == 3
        assert station("token", "create", "nobody", "--as", "chf-01").status == 4
        assert station("token", "revoke", "T-9", "--as", "chf-01").status == 4

    def test_none_is_told_with_the_way_to_one(self, station: Shell) -> None:
        said = station("token", "list", "--as", "chf-01")
        assert said.status == 0
        assert "folkmoot token create" in said.out + said.err


def server(station: Shell, *args: str, env: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, "serve", *args], cwd=station.folder, env=station.surroundings(env), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def refused(station: Shell, *args: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    process = server(station, *args, env=env)
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()  # one that serves after all
    return process.returncode, out, err


class TestServing:
    def test_from_outside_only_with_a_token(self, station: Shell) -> None:
        status, out, err = refused(station, "--host", "0.0.0.0", "--port", "0")  # noqa: S104
        assert (status, out) == (2, "")
        assert err.startswith("FM-U360")
        status, out, _ = refused(station, "--host", "0.0.0.0", "--port", "0", "--json")  # noqa: S104
        assert json.loads(out)["problem"]["code"] == "FM-U360"

    def test_a_port_that_is_taken(self, station: Shell) -> None:
        with closing(socket.socket()) as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            status, _, err = refused(station, "--port", str(taken.getsockname()[1]), "--lang", "zh")
        assert status == 2
        assert err.startswith("FM-U362")
        assert "端口" in err

    @pytest.mark.parametrize(
        ("args", "code", "exit_"),
        [
            (("--workers", "2"), "FM-U363", 2),
            (("--db", "none.db"), "FM-N003", 4),
            (("--port", "99999"), "FM-U362", 2),
        ],
    )
    def test_what_cannot_be(self, station: Shell, args: tuple[str, ...], code: str, exit_: int) -> None:
        status, _, err = refused(station, *args)
        assert status == exit_
        assert err.startswith(code)

    def test_one_process_that_answers_and_ends_well(self, station: Shell) -> None:
        secret = station("token", "create", "dsp-01", "--as", "chf-01").out.split()[-1]
        (station.folder / "api").mkdir()  # a folder of this name is not what is meant
        (station.folder / "api" / "__main__.py").write_text("raise SystemExit(77)")
        process = server(station, "--port", "0", "--json")
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert (told["tokens"], told["worker"]) == (1, True)
            assert told["database"].endswith("folkmoot.db")
            assert told["docs"] == told["address"] + "/docs"
            answer = ask(told["address"], "/v1/me", secret)
            assert (answer["person"], answer["identity"]) == ("dsp-01", "token")
        finally:
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert err == ""

    def test_a_second_one_over_the_same_file_says_so(self, station: Shell) -> None:
        first = server(station, "--port", "0", "--json")
        second = None
        try:
            assert first.stdout is not None
            assert json.loads(first.stdout.readline())["others"] is False
            second = server(station, "--port", "0")
            assert second.stdout is not None
            told = [second.stdout.readline() for _ in range(3)]
            assert "folkmoot.db already" in told[-1]
            assert "PostgreSQL" in told[-1]
        finally:
            for process in filter(None, (second, first)):
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)
        alone = server(station, "--port", "0", "--json")
        try:
            assert alone.stdout is not None
            assert json.loads(alone.stdout.readline())["others"] is False
        finally:
            alone.send_signal(signal.SIGTERM)
            alone.communicate(timeout=60)

    def test_a_password_is_on_no_command_line(self, station: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[Any] = []
        monkeypatch.setattr(os, "execve", lambda *given: seen.append(given))
        station(
            "serve", "--db", "postgresql://me:secret@host/x", "--no-worker", "--workers", "2", "--lang", "zh"
        )
        ((program, words, environment),) = seen
        assert program == sys.executable
        assert words[1:4] == ["-P", "-m", "api"]
        assert "--no-worker" in words
        assert not any("secret" in word for word in words)
        assert environment["FOLKMOOT_DATABASE_URL"] == "postgresql://me:secret@host/x"
        assert environment["FOLKMOOT_LANG"] == "zh"


def ask(address: str, path: str, secret: str) -> Any:
    import httpx2

    with httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {secret}"}) as client:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()
