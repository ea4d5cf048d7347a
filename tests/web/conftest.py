"""The small city behind its web, asked over ASGI as loopback or as somebody from elsewhere."""

from collections.abc import AsyncIterator

import httpx
import pytest
from dash import Dash
from small_city import make_services

from callbacks.services import Services
from callbacks.web import build_web


@pytest.fixture
def services() -> Services:
    return make_services()


@pytest.fixture
def web(services: Services) -> Dash:
    return build_web(services)


@pytest.fixture
async def client(web: Dash) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on this machine."""
    transport = httpx.ASGITransport(web.server, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://center") as made:
        yield made


@pytest.fixture
async def stranger(web: Dash) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody from another machine."""
    transport = httpx.ASGITransport(web.server, client=("10.9.8.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://center") as made:
        yield made
