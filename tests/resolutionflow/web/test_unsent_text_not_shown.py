"""A form that comes again because it was wrong, sent from a page whose fields it does not have: no text is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from resolutionflow.accounts.models import User
from sessions_app.models import Session

pytestmark = pytest.mark.django_db
WORDS = 'The client calls <back> at nine & waits.\r\nAsk for "Mina".'


def send(user: User, path: str, headers: dict[str, str] | None = None, **fields: str) -> tuple[int, str]:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    answer = client.post(path, fields, headers=headers or {})
    return answer.status_code, answer.content.decode()


def to_copy(html: str) -> list[str]:
    block = re.search(r"<h2>Your text, to copy</h2>\s*((<pre [^>]*>[^<]*</pre>)*)", html)
    return [unescape(text) for text in re.findall(r'">([^<]*)</pre>', block[1])] if block else []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/shift/end/", {"session": "{pk}", "s{pk}-do": "hand_over", "s{pk}-hand_over-notes": WORDS}),
        ("/shift/end/", {"session": "{pk}", "s{pk}-do": "hand_over", "s{pk}-hand_over-notes": "Rebooted"}),
        ("/sessions/{pk}/escalate/", {"notes": "", "priority": "2", "reason": WORDS}),
        ("/sessions/{pk}/park/", {"notes": "Shown", "remark": WORDS}),
        ("/sessions/{pk}/resolve/", {"resolution": "", "closing-text": WORDS}),
        ("/sessions/new/", {"intake_type": "nothing", "description": WORDS}),
    ],
)
def test_a_text_without_a_field_is_shown_once(session: Session, ana: User, path: str, fields: dict[str, str]) -> None:
    sent = {name.format(pk=session.pk): value.replace("{pk}", str(session.pk)) for name, value in fields.items()}
    status, html = send(ana, path.format(pk=session.pk), **sent)
    assert status == 422
    assert to_copy(html) == [text for text in fields.values() if text in (WORDS, "Rebooted")]
    assert html.index("Your text, to copy") > html.index("<main")


def test_what_has_its_field_stands_in_it_alone(session: Session, ana: User) -> None:
    status, html = send(ana, f"/sessions/{session.pk}/park/", notes=WORDS, when="at")
    assert status == 422
    assert "Your text, to copy" not in html
    assert "The client calls &lt;back&gt;" in html


def test_no_secret_and_nothing_of_another_person(session: Session, ana: User, bo: User) -> None:
    fields = {"notes": "", "old_password": "correct horse", "csrf_words": "a b"}
    assert to_copy(send(ana, f"/sessions/{session.pk}/park/", **fields)[1]) == []
    theirs = {"when": "at", "remark": WORDS, "typed_by": str(bo.pk)}
    assert "at nine" not in send(ana, f"/sessions/{session.pk}/park/", **theirs)[1]
