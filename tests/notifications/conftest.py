"""What the tests of push share."""

from __future__ import annotations

import pytest

from tests.live import Site
from tests.notifications.sockets import Door


@pytest.fixture
def door(live_site: Site) -> Door:
    """Opens sockets on the running site."""
    return Door(live_site)
