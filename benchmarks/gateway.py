"""A reverse proxy on loopback that loses its center when told to: as a proxy does, which then answers
502 itself, or as a machine does, of which nothing is left."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

Mode = Literal["forward", "502", "dead"]
_NOBODY = (
    b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)
_PIECE = 65_536


class Gateway:
    """Forwards a port of its own to a port on loopback, in a thread of its own.

    `arrivals` are the moments (of the loop's clock, which is `time.monotonic`) at which somebody
    connected.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._mode: Mode = "forward"
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.arrivals: list[float] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.port = 0
        self._do(self._listen())

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def set(self, mode: Mode) -> None:
        """Behave so from now on; whoever is connected is cut off."""
        self._do(self._become(mode))

    def close(self) -> None:
        """End it."""
        self._do(self._become("dead"))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _become(self, mode: Mode) -> None:
        self._mode = mode
        if mode == "dead" and self._server is not None:
            self._server.close()
            self._server = None
        elif mode != "dead" and self._server is None:
            await self._listen()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, backlog=1024, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.arrivals.append(self._loop.time())
        self._writers.add(writer)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                if self._mode == "forward":
                    await self._forward(reader, writer)
                else:
                    await self._refuse(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.LimitOverrunError):
            await reader.readuntil(b"\r\n\r\n")
        writer.write(_NOBODY)
        await writer.drain()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()  # As if there were nothing between.
            return
        self._writers.add(far_writer)
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._writers.discard(far_writer)
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
    writer.close()
