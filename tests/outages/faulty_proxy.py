"""A TCP proxy that can let a database die or hang without touching the database."""

import socket
import threading
from contextlib import suppress
from typing import Literal

Mode = Literal["forward", "dead", "hanging"]


class FaultyProxy:
    """Forwards to a port on loopback until told to die (connections reset, new ones refused) or to
    hang (connections stay open, nothing passes)."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._mode: Mode = "forward"
        self._pairs: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self._moving = threading.Event()
        self._moving.set()
        self.port = self._listen(0)

    def set(self, mode: Mode) -> None:
        """Change how it behaves, for open connections too."""
        self._mode = mode
        if mode == "dead":
            self._close_all()
        elif self._listener is None:
            self._listen(self.port)
        if mode == "hanging":
            self._moving.clear()
        else:
            self._moving.set()

    def close(self) -> None:
        """End it."""
        self._moving.set()
        self._close_all()

    def _listen(self, port: int) -> int:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return int(listener.getsockname()[1])

    def _close_all(self) -> None:
        if self._listener is not None:
            # Closing alone would leave the accepting thread and the port as they are.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for one in self._pairs:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._pairs.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self._pairs += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._moving.wait()
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
