"""Keeps one Chromium open on the stage of a screen, with nobody near it.

It is started once the center answers, since a browser that finds nobody shows an error of its own
and stays with it; without waiting where it kept what its screen showed, which it then shows; and again
whenever it ends: at once where it ran for a while, later and later where it does not come up. All that a browser asks its maker for is switched off, so that a wall
without internet waits for nothing.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from data_access.processes import answers

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--disable-infobars",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-features=Translate,MediaRouter,OptimizationHints",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--check-for-update-interval=31536000",
    "--password-store=basic",
)
"""Nothing over the picture, nothing asked of the internet, no question that nobody answers."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY = 60.0
"""Seconds after which a browser that ends counts as one that ran."""
LOOK = 0.5
KEPT = "Default/Service Worker/CacheStorage/*/*/index"
"""Below its folder: where Chromium has what a page keeps, a folder for each cache."""
END_PATIENCE = 5.0

log = structlog.get_logger(__name__)


def find_chromium(named: str | None = None) -> str:
    """The browser's program: the one that is named, else the first of `BROWSERS` that there is.

    Raises FileNotFoundError saying what was looked for and how to mend it."""
    for name in (named,) if named else BROWSERS:
        if found := shutil.which(name):
            return found
    looked = named or ", ".join(BROWSERS)
    raise FileNotFoundError(
        f"no browser: found none of {looked}; expected Chromium; apt install chromium, or name one"
        " with --browser"
    )


@dataclass
class Kiosk:
    """One browser on one address. `profile` is its folder, in which its pairing is kept; `more` are
    further flags of the browser, such as where the window is."""

    url: str
    browser: str
    profile: Path
    more: Sequence[str] = ()
    stopped: threading.Event = field(default_factory=threading.Event)
    _pause: float = FIRST_PAUSE
    _silent: bool = False

    @property
    def command(self) -> list[str]:
        """What is started. Over plain HTTP the address is held for safe, as it is over TLS: else a
        page could not be kept for a start without the center."""
        flags = [*FLAGS, f"--user-data-dir={self.profile}"]
        parts = urlsplit(self.url)
        if parts.scheme == "http":
            flags.append(f"--unsafely-treat-insecure-origin-as-secure=http://{parts.netloc}")
        return [self.browser, *flags, *self.more, self.url]

    def run(self) -> None:
        """Keep it open until `stopped` is set."""
        while not self.stopped.is_set():
            if self._center_answers() or self._has_kept():
                self._one_life()
            else:
                self.stopped.wait(FIRST_PAUSE * random.uniform(1.0, 2.0))

    def _has_kept(self) -> bool:
        """Whether the browser keeps pages of a stage; a screen that was revoked keeps none."""
        return any(self.profile.glob(KEPT))

    def _center_answers(self) -> bool:
        """Whether the center is there; its silence is said once when it starts and when it ends."""
        parts = urlsplit(self.url)
        there = answers(f"{parts.scheme}://{parts.netloc}/healthz")
        if there == self._silent:
            self._silent = not there
            said = "the center answers" if there else "the center does not answer, waiting for it"
            log.info(said, url=self.url)
        return there

    def _one_life(self) -> None:
        began = time.monotonic()
        process = subprocess.Popen(self.command, start_new_session=True)
        log.info("browser started", pid=process.pid)
        while process.poll() is None and not self.stopped.wait(LOOK):
            pass
        if process.poll() is None:
            _end(process)
            return
        lived = time.monotonic() - began
        self._pause = FIRST_PAUSE if lived > STEADY else min(self._pause * 2, LONGEST_PAUSE)
        log.warning(
            "browser ended, starting it again", code=process.returncode, seconds=self._pause
        )
        _end(process)
        self.stopped.wait(self._pause * random.uniform(0.5, 1.0))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a browser with all of its own processes."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(END_PATIENCE)
        except subprocess.TimeoutExpired:
            continue
    process.wait(END_PATIENCE)


def describe(parser: argparse.ArgumentParser) -> None:
    """The arguments of `app.py screen`."""
    parser.add_argument("url", help="the stage of the center, such as http://center:8050/wall")
    parser.add_argument("--browser", help="the browser's program; Chromium where it is not named")
    parser.add_argument("--profile", type=Path, help="folder of the browser; keeps the pairing")
    parser.add_argument(
        "--flag",
        action="append",
        default=[],
        help="one more flag of the browser: `--flag=--window-position=1920,0`",
    )
