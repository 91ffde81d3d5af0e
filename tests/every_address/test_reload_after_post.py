"""A page that answers a form and is read again does nothing again: it leads on, or its second press changes nothing."""

from __future__ import annotations

from typing import Any

from django.test import Client

from resolutionflow.accounts.models import ApiToken, User
from tests.conftest import Wrong
from tests.every_address.addresses import OF_PAGES, PAGES, body_of, contents, filled, rolled_back


def test_reading_the_answer_to_a_form_again_repeats_nothing(things: dict[str, Any], wrong: Wrong) -> None:
    tried = 0
    for route, name in OF_PAGES:
        rule = PAGES[name]
        if not rule.posts:
            continue
        with rolled_back():
            browser, path, body = Client(), filled(route, things), body_of(rule)
            browser.force_login(User.objects.get(name=f"{rule.by.title()} Tester"))
            before = contents()
            answer = browser.post(path, body)
            once = contents()
            if once == before or answer.status_code != 200:
                continue
            tried += 1
            browser.post(path, body)
            wrong.unless(contents() == once, "POST", name, "answers 200, and sent again it does the same again")
    assert tried, "those that answer 200 are looked at"


def test_the_page_of_a_new_token_read_again_makes_no_other(client: Client, ana: User) -> None:
    client.force_login(ana)
    page = client.post("/settings/tokens/", {"name": "monitoring", "scope": "read", "days": "30"}, follow=True)
    assert 'id="key"' in page.content.decode()
    assert 'id="key"' not in client.get(page.redirect_chain[-1][0]).content.decode()
    assert ApiToken.objects.count() == 1
