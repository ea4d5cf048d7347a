"""A browser that opens a web socket of Dash, told over ASGI."""

from typing import Any


async def answers_to_web_socket(server: Any, host: str, client: str) -> list[str]:
    """The kinds of messages with which the server answers a web socket opened by `client` under
    the name `host`."""
    sent: list[str] = []
    scope = {
        "type": "websocket",
        "path": "/_dash-ws-callback",
        "raw_path": b"/_dash-ws-callback",
        "query_string": b"",
        "headers": [(b"host", host.encode()), (b"origin", f"http://{host}".encode())],
        "client": (client, 1),
        "server": (host, 80),
        "scheme": "ws",
        "subprotocols": [],
    }

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    await server(scope, receive, send)
    return sent
