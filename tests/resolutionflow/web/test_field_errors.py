"""Every error of a field is where fields.js finds it to take it away: named by its control, and with an id."""

from __future__ import annotations

import pytest

from resolutionflow.accounts.models import User
from resolutionflow.web import refill
from tests.browser import test_accessibility as walk
from tests.browser.test_accessibility import cast, furniture  # noqa: F401  fixtures
from tests.resolutionflow.web.test_unsent_text import written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
TOO_LONG = "x" * 200_001


def test_every_error_can_be_taken_away(client, cast: dict[str, User], furniture: None) -> None:
    wrong, refused = [], set()
    for who, _name, path in walk.pages(cast):
        if who not in cast:
            continue
        client.force_login(cast[who])
        for form in refill.HtmlPage(client.get(path).content.decode()).forms:
            if form.tag.attrs.get("method") != "post" or not written(form):
                continue
            to = form.tag.attrs.get("action") or path
            answer = client.post(to, dict.fromkeys(written(form), TOO_LONG))
            if answer.status_code != 422:
                continue
            html = answer.content.decode()
            for part in [one for form in refill.HtmlPage(html).forms for one in form.parts]:
                if part.attrs.get("aria-invalid") != "true" or part.attrs.get("type") in ("radio", "checkbox"):
                    continue
                refused.add(to)
                named = [one for one in (part.attrs.get("aria-describedby") or "").split() if one.endswith("_error")]
                if not named or f'id="{named[0]}"' not in html:
                    wrong.append((who, to, part.attrs.get("name")))
    assert not wrong, wrong
    assert len(refused) > 15, refused
