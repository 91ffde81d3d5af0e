"""What may be stored of what people type."""

from __future__ import annotations

import pytest
from django import forms

from resolutionflow.core.text import clean, one_line
from resolutionflow.web.form_fields import LineField, TextField
from tests.api_client import client_of

NOBODY_SEES = [
    "\u200b",
    " \u2060 ",
    "\u3164",
    "\u2800\u2800",
    "\u00ad",
    "\ufe0f",
    "\u200e\u200f",
    "\u200d",
    "\U000e0041",
    "\ufeff",
]


@pytest.mark.parametrize("text", NOBODY_SEES, ids=ascii)
def test_what_nobody_can_see_is_no_text(text: str) -> None:
    assert (clean(text), one_line(text)) == ("", "")
    for field in (LineField(), TextField()):
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(text)
        assert refused.value.code == "required"


@pytest.mark.parametrize("text", ["👩\u200d🔧", "❤\ufe0f", "می\u200cشود", "a\u00adb", "a\u200bb"], ids=ascii)
def test_beside_what_can_be_seen_it_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.django_db
def test_the_api_refuses_it_too(session, ana) -> None:
    api = client_of(ana)
    for path, field in (("steps", "text"), ("messages", "content")):
        answer = api.post(f"sessions/{session.pk}/{path}/", **{field: "\u200b"})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    answer = api.post(f"sessions/{session.pk}/escalate/", notes="\u200b", priority="normal")
    assert answer.status_code == 400
