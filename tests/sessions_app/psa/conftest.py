"""ConnectWise, as a fake over a socket, and our provider for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sessions_app.psa import PROVIDERS, Provider
from tests.fakes.connectwise import CREDENTIALS


@pytest.fixture
def psa_with(fake) -> Callable[..., Provider]:
    """A provider with these options."""
    return lambda **options: PROVIDERS["connectwise"](fake.url, CREDENTIALS, options)


@pytest.fixture
def psa(psa_with) -> Provider:
    return psa_with()
