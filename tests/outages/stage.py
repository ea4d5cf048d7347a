"""The product as separate processes whose parts a test can kill and start again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from playwright.sync_api import Browser, Page
from servers import ROOT

from data_access.live.embedded import server_binary

PROGRAM = ROOT / "app.py"


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stage:
    """Processes by name, the environment they share and what some of them have besides."""

    folder: Path
    environment: dict[str, str]
    special: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the web answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def redis(self) -> "redis.Redis":
        """A client of the stage's own Redis."""
        return redis.Redis(port=self.redis_port)

    def start(self, name: str) -> None:
        """Start one part: `redis` or a command of the product."""
        command = [sys.executable, str(PROGRAM), name]
        if name == "redis":
            command = [server_binary(), "--port", str(self.redis_port), "--bind", "127.0.0.1"]
            command += ["--save", "", "--appendonly", "no"]
        shared = {
            **os.environ,
            **self.environment,
            "COMMAND_CENTER_REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "COMMAND_CENTER_PORT": str(self.port),
            "COMMAND_CENTER_DATA": str(self.folder),
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env={**shared, **self.special.get(name, {})},
                stdout=log, stderr=log,
            )  # fmt: skip

    def start_until(self, name: str, words: str, seconds: float = 60) -> float:
        """Start one part and wait until it logs some words; how long that took."""
        log = self.folder / f"{name}.log"
        before = log.stat().st_size if log.exists() else 0
        self.start(name)
        return wait_for(lambda: words in log.read_bytes()[before:].decode(), seconds)

    def make_city(self) -> None:
        """Make the demo city's history, and wait until it is made."""
        command = [sys.executable, str(PROGRAM), "simulate", "--make-only"]
        environment = {**os.environ, **self.environment, **self.special.get("simulate", {})}
        environment["COMMAND_CENTER_DATA"] = str(self.folder)
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)

    def kill(self, name: str) -> None:
        """End a part without warning."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        """End all parts."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def get(self, path: str) -> Any:
        """The JSON of a GET, also where it is answered with an error."""
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.loads(answer.read())

    def ready(self) -> bool:
        """Whether `/readyz` says 200 and every department has been read."""
        try:
            parts = self.get("/readyz")["departments"]
        except OSError:
            return False
        return bool(parts) and all(part["feeds"] for part in parts.values())


def wait_for(holds: Callable[[], bool], seconds: float) -> float:
    """Wait until something holds; how long it took. Raises AssertionError naming the wait."""
    started = time.monotonic()
    while not holds():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"did not come to hold within {seconds:g} s")
        time.sleep(0.1)
    return time.monotonic() - started


@contextmanager
def wall_of(browser: Browser, url: str) -> Iterator[Page]:
    """The duty wall in a page of its own of a real browser."""
    with browser.new_context(viewport={"width": 1920, "height": 1080}) as context:
        page = context.new_page()
        page.goto(url + "/wall/duty")
        page.wait_for_selector(".live-value")
        yield page


def shown(page: Page) -> dict[str, tuple[str, str]]:
    """What the wall's numbers say: key → (text, state)."""
    found: list[list[str]] = page.eval_on_selector_all(
        ".live-value[data-live]:not([data-part])",
        "nodes => nodes.map(n => [n.dataset.live, n.textContent, n.dataset.state])",
    )
    return {key: (text, state) for key, text, state in found}


def catalogue_copy(
    source: Path, target: Path, department: str, late: float, refresh: float
) -> Path:
    """The catalogue with shorter spans (in seconds) for a department, so that a short outage is
    seen: a dataset is late so long after the refresh at which it should have been read."""
    shutil.copytree(source, target)
    path = target / "departments" / f"{department}.yaml"
    short = f"    late: {late:g}s\n    refresh: {refresh:g}s"
    lines = path.read_text().splitlines()
    kept = [short if line.startswith("    late:") else line for line in lines]
    path.write_text("\n".join(kept) + "\n")
    return target
