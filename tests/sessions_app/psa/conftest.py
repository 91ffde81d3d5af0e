"""ConnectWise, as a fake over a socket, and our provider for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from resolutionflow.core import outgoing_http
from sessions_app.psa import PROVIDERS, Provider
from tests.fakes.connectwise import CREDENTIALS, ConnectWise


@pytest.fixture
def fake(settings, monkeypatch) -> Iterator[ConnectWise]:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    monkeypatch.setattr(outgoing_http, "READ", 0.3)
    with ConnectWise() as fake:
        yield fake


@pytest.fixture
def psa_with(fake) -> Callable[..., Provider]:
    """A provider with these options."""
    return lambda **options: PROVIDERS["connectwise"](fake.url, CREDENTIALS, options)


@pytest.fixture
def psa(psa_with) -> Provider:
    return psa_with()
