"""Whether an address can be listened on, asked before anything is started that would need it."""

import socket


def port_to_listen_on(host: str, port: int) -> int:
    """The port itself, or a free one where it is 0. Raises SystemExit where it cannot be had."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise SystemExit(
            f"cannot listen on {host}:{port} ({error.strerror}): set COMMAND_CENTER_HOST or"
            " COMMAND_CENTER_PORT (0 picks a free port)"
        ) from None
