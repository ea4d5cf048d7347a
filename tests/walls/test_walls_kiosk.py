"""`app.py screen`: Chromium waits for the center, opens its stage, and comes back when it is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from servers import ROOT, chromium_arguments, chromium_path

from benchmarks.measuring import free_port
from data_access.kiosk import Kiosk, find_chromium

SOON = 60.0


class Center(BaseHTTPRequestHandler):
    """A center that counts how often its stage is opened."""

    opened: list[float]
    page = b"<!doctype html><title>stage</title>"

    def do_GET(self) -> None:
        if self.path == "/wall":
            self.opened.append(time.monotonic())
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: object) -> None:
        """Nothing: the test looks at what was asked."""


@contextmanager
def center(port: int, page: bytes = Center.page) -> Iterator[list[float]]:
    """It listens while the block runs."""
    opened: list[float] = []
    handler = type("Counting", (Center,), {"opened": opened, "page": page})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def screen(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command, as systemd starts it, but without a picture."""
    flags = ["--headless=new", "--remote-debugging-port=0", *chromium_arguments()]
    command = [sys.executable, str(ROOT / "app.py"), "screen", f"http://127.0.0.1:{port}/wall"]
    command += ["--browser", chromium_path(), "--profile", str(folder / "profile")]
    command += [f"--flag={flag}" for flag in flags]
    environment = {**os.environ, "COMMAND_CENTER_DATA": str(folder)}
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


def browsers(folder: Path) -> list[int]:
    """The processes of the browser that keeps its pairing in a folder: of them the first."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except (OSError, ValueError):
            continue
        if f"--user-data-dir={folder / 'profile'}" in words and "--kiosk" in words:
            found.append(int(entry.name))
    return sorted(found)


@pytest.mark.browser
def test_a_screen_waits_for_its_center_and_comes_back_when_it_is_killed(tmp_path: Path) -> None:
    port = free_port()
    with screen(port, tmp_path) as command:
        time.sleep(3)
        assert not browsers(tmp_path), "nobody is there to be shown"
        with center(port) as opened:
            until(lambda: len(opened) == 1)
            os.kill(browsers(tmp_path)[0], signal.SIGKILL)
            until(lambda: len(opened) == 2)
            assert command.poll() is None
    assert command.returncode == 0
    until(lambda: not browsers(tmp_path))


@pytest.mark.browser
def test_a_screen_that_kept_what_it_showed_does_not_wait_for_its_center(tmp_path: Path) -> None:
    script = "caches.open('cc-stage-answers-1').then((one) => one.add('/wall'));"
    page = f"<!doctype html><title>stage</title><script>{script}</script>".encode()
    port = free_port()
    with screen(port, tmp_path):
        with center(port, page) as opened:
            until(lambda: len(opened) >= 2)  # The page, and what it keeps of it.
            time.sleep(2)
        first = browsers(tmp_path)[0]
        os.kill(first, signal.SIGKILL)
        until(lambda: browsers(tmp_path) and browsers(tmp_path)[0] != first)
        with center(port, page) as opened:
            until(lambda: opened)


def test_a_browser_that_there_is_not_is_named_with_the_way_to_mend_it() -> None:
    with pytest.raises(FileNotFoundError, match=r"found none of no-such-browser.*apt install"):
        find_chromium("no-such-browser")


def test_nothing_is_asked_of_the_internet_and_a_plain_address_is_held_for_safe() -> None:
    command = Kiosk("http://center:8050/wall", "chromium", Path("/home/screen/p")).command
    assert command[-1] == "http://center:8050/wall"
    assert "--disable-background-networking" in command
    assert "--disable-component-update" in command
    assert "--unsafely-treat-insecure-origin-as-secure=http://center:8050" in command
    assert "--user-data-dir=/home/screen/p" in command
    command = Kiosk("https://center/wall", "chromium", Path("/p"), ["--x"]).command
    assert command[-2:] == ["--x", "https://center/wall"]
    assert not any("insecure" in word for word in command)
