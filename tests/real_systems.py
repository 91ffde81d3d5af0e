"""Real ticket systems: a test that asks for `system` is run on each, and skipped where the environment names none."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.psa import PROVIDERS, Provider
from tests.real_redmine import RealRedmine
from tests.real_request_tracker import RealRequestTracker

SYSTEMS = [
    pytest.param(RealRequestTracker, id="request_tracker", marks=pytest.mark.rt),
    pytest.param(RealRedmine, id="redmine", marks=pytest.mark.redmine),
]


@pytest.fixture(params=SYSTEMS)
def system(request: Any, settings: Any) -> Any:
    real = request.param()
    settings.OUTBOUND_ALLOWLIST = [real.host, "127.0.0.1"]
    return real


def provider(system: Any, url: str = "", credentials: dict[str, str] | None = None) -> Provider:
    """For one exchange with it: as a worker makes one, at its address or at a proxy's."""
    return PROVIDERS[system.kind](url or system.url, credentials or system.credentials)
