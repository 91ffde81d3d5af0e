"""What the tests of push share."""

from __future__ import annotations

import pytest

from tests.live_site import Site
from tests.notifications.live.socket_client import SocketEndpoint


@pytest.fixture
def endpoint(live_site: Site) -> SocketEndpoint:
    """Opens sockets on the running site."""
    return SocketEndpoint(live_site)
