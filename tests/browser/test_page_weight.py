"""A page as production serves it: its styles and scripts are small, and all are asked for at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from tests import servers
from tests.browser.conftest import TELL_CSP
from tests.browser.waiting import live
from tests.live_site import PATIENCE, Site, session_cookie, wait_until

pytestmark = pytest.mark.browser

ASKED_FOR = "() => performance.getEntriesByType('resource').map(({name, encodedBodySize}) => [name, encodedBodySize])"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of both tests: to collect static files takes long."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def production(live_site: Site, worker_process: Callable[..., Any], settings: Any, home: Path) -> Site:
    """A web process with DEBUG=0, on this test's database."""
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    worker_process(
        "web",
        DEBUG="0",
        ALLOW_HTTP="1",
        SITE_URL=url,
        ALLOWED_HOSTS="127.0.0.1",
        PORT=str(port),
        DATA_DIR=str(home),
        SECRET_KEY=settings.SECRET_KEY,
        FIELD_ENCRYPTION_KEYS=",".join(settings.FIELD_ENCRYPTION_KEYS),
    )
    wait_until(lambda: servers._answers(port))
    return Site(url, live_site.server)


@pytest.fixture
def context(production: Site, browser: Browser, bo: User) -> Iterator[BrowserContext]:
    """Bo's browser, which has nothing of this site yet."""
    wrong: list[str] = []
    context = browser.new_context(base_url=production.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(TELL_CSP)
    context.add_cookies([session_cookie(bo, production)])
    context.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context
    context.close()
    assert wrong == []


@pytest.mark.parametrize("path", ["/queue/", "/sessions/{}/"])
def test_a_page_is_light_and_asks_for_everything_at_once(
    production: Site, context: BrowserContext, waiting: Handoff, path: str
) -> None:
    page = context.new_page()
    answer = page.goto(path.format(waiting.session_id))
    assert answer
    html = answer.text()
    live(page)
    asked = [(name.removeprefix(production.url), size) for name, size in page.evaluate(ASKED_FOR)]
    assert sum(size for _name, size in asked) < 100_000, asked
    files = [name.partition("#")[0] for name, _size in asked if name.startswith("/static/")]
    assert len(files) == len(set(files)), "nothing is asked for twice"
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", name) for name in files), files
    scripts = [name for name in files if name.endswith(".js")]
    assert len(scripts) > 10
    assert [name for name in scripts if f'"{name}"' not in html] == []  # else another script has asked for it
