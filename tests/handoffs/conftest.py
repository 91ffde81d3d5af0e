"""What tests of the AI share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes import messages_api as fake


@pytest.fixture
def api(settings: Any) -> Iterator[fake.MessagesApi]:
    """A fake that the product asks; of one that hangs it does not wait long."""
    with fake.running(settings) as api:
        settings.AI_TIMEOUT_SECONDS = 2
        yield api
