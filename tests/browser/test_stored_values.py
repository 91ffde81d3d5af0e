"""What a browser keeps may be broken: cut off, from another version, or written by something else. Nothing fails of it."""

from __future__ import annotations

import pytest

from resolutionflow.accounts.models import User
from tests.browser.conftest import Browse
from tests.browser.waiting import live

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["theme", "csrf", "keys"])
def test_a_cookie_that_is_no_text(browse: Browse, bo: User, name: str) -> None:
    page = browse(bo, "/login/")
    page.evaluate("name => { document.cookie = `${name}=%; path=/` }", name)
    page.goto("/queue/")
    live(page)
