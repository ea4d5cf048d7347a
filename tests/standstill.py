"""A database server that stops speaking when a test tells it to."""

import socket
import threading
from contextlib import suppress


class Standstill:
    """A server between us and a database that stops speaking when told to."""

    def __init__(self, port: int) -> None:
        self.target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.frozen = threading.Event()
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            other = socket.create_connection(("127.0.0.1", self.target))
            self._lines += [line, other]
            for one, two in ((line, other), (other, line)):
                threading.Thread(target=self._pump, args=(one, two), daemon=True).start()

    def _pump(self, one: socket.socket, two: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                if not self.frozen.is_set():
                    two.sendall(data)
            two.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self) -> None:
        """Let all lines go, and tell both ends: a server would go on holding its tables."""
        for line in [self._listener, *self._lines]:
            with suppress(OSError):  # Whoever has gone already needs no telling.
                line.shutdown(socket.SHUT_RDWR)
            line.close()
