"""`app.py account`: what it prints, what it refuses, and the first account of a new center."""

import io
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import ROOT, main
from dashboard.accounts import FIRST_NAME, FIRST_ROLES
from dashboard.passwords import fits
from data_access.account_commands import make_first
from data_access.store import SqlAccounts, open_history
from data_access.store import tables as t

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PASSWORD = re.compile(r"\b(?:[a-z2-9]{5}-){3}[a-z2-9]{5}\b")
Command = Callable[..., int]


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[SqlAccounts]:
    history = open_history(f"sqlite:///{tmp_path}/store.sqlite")
    yield SqlAccounts(history.database)
    history.close()


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    shutil.copy(ROOT / "catalog" / "roles.yaml", catalog)
    monkeypatch.setenv("COMMAND_CENTER_CATALOG", str(catalog))
    monkeypatch.setenv("COMMAND_CENTER_DATA", str(tmp_path))
    monkeypatch.delenv("COMMAND_CENTER_STORE_URL", raising=False)
    monkeypatch.setattr("data_access.processes.configure_logging", lambda *_: None)
    return lambda *asked: main(["account", *asked])


def test_an_account_is_added_with_a_password_that_fits_and_is_said_once(
    accounts: SqlAccounts, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("add", "Li", "duty_officer", "clerk", "--title", "李明") == 0
    said = capsys.readouterr()
    [password] = PASSWORD.findall(said.out)
    found = accounts.account("li")
    assert found is not None
    assert (found.title, found.roles, found.must_change) == (
        "李明",
        ("duty_officer", "clerk"),
        True,
    )
    assert fits(found.password, password)
    assert password not in said.err
    assert command("add", "li") == 2
    assert "already" in capsys.readouterr().err
    assert command("password", "li") == 0
    [newer] = PASSWORD.findall(capsys.readouterr().out)
    assert newer != password


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("add", "a b"), "is no name"),
        (("add", "loopback"), "is no name"),
        (("add", "wu", "duty_oficer"), "the catalogue has: duty_officer"),
        (("password", "wu"), "no account 'wu'; there are: li"),
        (("roles", "wu"), "no account 'wu'"),
        (("disable", "wu"), "no account 'wu'"),
        (("enable", "wu"), "no account 'wu'"),
        (("revoke", "wu"), "no account 'wu'"),
        (("revoke", "li", "7"), "li has no session 7"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_is_expected(
    command: Command, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], words: str
) -> None:
    command("add", "li", "clerk")
    capsys.readouterr()
    assert command(*asked) == 2
    assert words in capsys.readouterr().err


def test_roles_and_state_are_changed_listed_and_noted(
    accounts: SqlAccounts, command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for asked in (
        ("add", "li"),
        ("roles", "li", "leader", "leader", "clerk"),
        ("disable", "li"),
        ("list",),
        ("enable", "li"),
        ("sessions",),
        ("revoke", "li"),
    ):
        assert command(*asked) == 0
    said = capsys.readouterr().out
    assert re.search(r"^li +disabled +leader clerk", said, re.MULTILINE)
    assert "0 ended" in said
    found = accounts.account("li")
    assert found is not None
    assert (found.roles, found.disabled_at) == (("leader", "clerk"), None)
    engine = sa.create_engine(f"sqlite:///{tmp_path}/store.sqlite")
    with engine.connect() as connection:
        notes = connection.execute(sa.select(t.audit.c.who, t.audit.c.action)).all()
    engine.dispose()
    assert len(notes) == 4
    assert all(note.who.startswith("terminal (") for note in notes)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_first_account_says_its_password_to_a_terminal_alone(accounts: SqlAccounts) -> None:
    kept = io.StringIO()
    make_first(accounts, NOW, kept)
    assert not PASSWORD.search(kept.getvalue()), "a pipe may end in a file"
    assert f"account password {FIRST_NAME}" in kept.getvalue()
    terminal = Terminal()
    make_first(accounts, NOW, terminal)
    assert terminal.getvalue() == "", "there is one already"


def test_the_first_account_signs_in_with_what_was_said(accounts: SqlAccounts) -> None:
    terminal = Terminal()
    make_first(accounts, NOW, terminal)
    [password] = PASSWORD.findall(terminal.getvalue())
    found = accounts.account(FIRST_NAME)
    assert found is not None
    assert (found.roles, found.must_change) == (FIRST_ROLES, True)
    assert fits(found.password, password)


def test_a_web_that_starts_says_it_to_its_terminal_and_not_to_its_log(tmp_path: Path) -> None:
    """On a terminal of its own, with the log going to a file as `2>` has it."""
    ours, theirs = pty.openpty()
    log = tmp_path / "serve.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMMAND_CENTER_")}
    environment |= {"COMMAND_CENTER_DATA": str(tmp_path), "COMMAND_CENTER_PORT": "0"}
    with log.open("wb") as kept:
        web = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "serve"],
            stdout=theirs,
            stderr=kept,
            env=environment,
            cwd=ROOT,
        )
    os.close(theirs)
    said = b""
    while not PASSWORD.search(said.decode()):
        said += os.read(ours, 4096)
    web.terminate()
    web.wait(20)
    os.close(ours)
    [password] = PASSWORD.findall(said.decode())
    assert password not in log.read_text()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite*"))
    assert password.encode() not in stored
