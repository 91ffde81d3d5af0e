"""What was typed in a form survives, without JavaScript: a sign-in that ended, a stale token, a refusal, a crash."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib.sessions.models import Session as SignIn
from django.db import OperationalError
from django.test import Client
from django.utils.html import escape

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from resolutionflow.web import refill, unsent_text
from resolutionflow.web.form_fields import LineField
from sessions_app.models import Session
from tests.browser import test_accessibility as walk
from tests.browser.test_accessibility import cast, furniture  # noqa: F401  fixtures
from tests.conftest import PASSWORD
from tests.every_address.test_column_lengths import of_ours

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
WHY = 'It drops </textarea><script>alert(1)</script> & "more"\n\n  when their printer wakes'


def browser_of(user: User | None) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if user:
        User.objects.filter(pk=user.pk).update(password=user.password)
        client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def passwords(request: pytest.FixtureRequest) -> None:
    for name in {"ana", "bo", "vic"} & set(request.fixturenames):
        user = request.getfixturevalue(name)
        user.set_password(PASSWORD)
        user.save()


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the page's own form: the one that is not for the buttons all over it."""
    posting = [one for one in refill.HtmlPage(html).forms if one.tag.attrs.get("method") == "post"]
    form = next(one for one in posting if one.tag.attrs.get("id") != "verb")
    inputs = [part.attrs for part in form.parts if part.attrs.get("type") == "hidden"]
    return {str(one["name"]): str(one["value"]) for one in inputs}


def end_sign_in(client: Client) -> None:
    SignIn.objects.all().delete()
    del client.cookies["session"]


def sign_in(client: Client, answer: Any, user: User, password: str = PASSWORD) -> Any:
    """On the page that this answer is, with all that it carries."""
    sent = hidden(answer.content.decode()) | {"login": user.email, "password": password}
    return client.post("/login/", sent, headers={"Referer": f"{SITE}/login/"})


def escalate(client: Client, session: Session, **fields: str) -> Any:
    """Read the form, let the sign-in end, and send it."""
    page = f"{session.get_absolute_url()}escalate/"
    sent = hidden(client.get(page).content.decode()) | {"notes": WHY, "priority": "0", "target": ""} | fields
    end_sign_in(client)
    return client.post(page, sent, headers={"Referer": f"{SITE}{page}"})


def in_textarea(html: str, name: str) -> str:
    found = re.search(rf'<textarea name="{name}"[^>]*>\n?(.*?)</textarea>', html, re.S)
    assert found
    return unescape(found[1])


def everything() -> dict[str, int]:
    """How many rows of everything there are."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


# --- the sign-in ended -----------------------------------------------------------------------------


def test_the_sign_in_page_carries_the_fields_on_and_brings_them_back(session: Session, ana: User) -> None:
    client = browser_of(ana)
    answer = escalate(client, session)
    assert answer.status_code == 403
    assert "comes back when you sign in" in answer.content.decode()
    wrong = sign_in(client, answer, ana, "not it")
    assert wrong.status_code == 422
    there = sign_in(client, wrong, ana)
    page = f"{session.get_absolute_url()}escalate/"
    assert (there.status_code, there["Location"]) == (302, page)
    assert not Handoff.objects.exists()  # signing in sends nothing
    html = client.get(page).content.decode()
    assert in_textarea(html, "notes") == WHY
    assert "<script>alert" not in html
    assert re.search(r'<option value="0" selected>', html)
    assert "Not sent yet. What you typed is back" in html
    sent = hidden(html) | {"notes": WHY, "priority": "0", "affected": "Two users"}
    assert client.post(page, sent).status_code == 302
    assert Handoff.objects.get().notes.startswith("It drops </textarea>")
    assert "Not sent yet" not in client.get("/").content.decode()


@pytest.mark.parametrize("text", ["サーバーは再起動後も応答しません。", "rebooted", "\\\\nas01\\share$", "42"])
def test_a_text_of_one_word_comes_back_too(session: Session, ana: User, text: str) -> None:
    client = browser_of(ana)
    sign_in(client, escalate(client, session, notes=text), ana)
    html = client.get(f"{session.get_absolute_url()}escalate/").content.decode()
    assert in_textarea(html, "notes") == text


def test_every_field_with_room_to_write_is_known() -> None:
    fields = [field for form in of_ours(forms.BaseForm) for field in getattr(form, "base_fields", {}).items()]
    roomy = {name for name, one in fields if isinstance(one.widget, forms.Textarea) or type(one) is LineField}
    assert {"notes", "client_name"} <= roomy
    assert roomy <= refill.WRITTEN


def test_a_choice_that_holds_a_text_has_its_place() -> None:
    radios = "".join(f'<input type="radio" name="selected_option" value="{said}">' for said in ("はい", "いいえ"))
    html = f'<form method="post" action="/x/"><textarea name="text">\n</textarea>{radios}</form>'
    sent = [("text", "再起動しました"), ("selected_option", "はい")]
    filled = refill.refill(html, page="/x/", to="/x/", fields=sent, said="Back.")
    assert filled is not None
    assert in_textarea(filled, "text") == "再起動しました"
    assert re.findall(r'value="(\w+)" checked', filled) == ["はい"]


def test_what_came_back_overwrites_no_correction_of_a_colleague(waiting: Handoff, ana: User, lea: User) -> None:
    """It has the check sums of the page on which it was typed."""
    client, page = browser_of(ana), f"/handoffs/{waiting.pk}/correct/"
    sent = hidden(client.get(page).content.decode()) | {"notes": waiting.notes, "affected": "Two users"}
    end_sign_in(client)
    answer = client.post(page, sent, headers={"Referer": f"{SITE}{page}"})
    waiting.change(lea, notes="They have no VPN at all")
    sign_in(client, answer, ana)
    html = client.get(page).content.decode()
    assert in_textarea(html, "notes") == sent["notes"]
    filled_in = hidden(html) | {"notes": in_textarea(html, "notes"), "affected": "Two users"}
    assert client.post(page, filled_in).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.notes, waiting.affected) == ("They have no VPN at all", "Two users")


def test_it_comes_back_once(session: Session, ana: User) -> None:
    client = browser_of(ana)
    sign_in(client, escalate(client, session), ana)
    page = f"{session.get_absolute_url()}escalate/"
    client.get(page, headers={"X-Requested-With": "live"})  # a script's look at the page takes nothing
    assert in_textarea(client.get(page).content.decode(), "notes") == WHY
    assert in_textarea(client.get(page).content.decode(), "notes") != WHY


def test_nothing_is_stored_of_somebody_who_is_not_signed_in(session: Session, ana: User) -> None:
    client = browser_of(ana)
    page = f"{session.get_absolute_url()}escalate/"
    sent = hidden(client.get(page).content.decode()) | {"notes": WHY}
    end_sign_in(client)
    before = everything()
    answer = client.post(page, sent, headers={"Referer": f"{SITE}{page}"})
    assert answer.status_code == 403
    assert everything() == before
    assert "session" not in client.cookies


def test_another_person_does_not_get_it(session: Session, ana: User, bo: User) -> None:
    client = browser_of(ana)
    sign_in(client, escalate(client, session), bo)
    html = client.get(f"{session.get_absolute_url()}escalate/", follow=True).content.decode()
    assert "printer wakes" not in html
    assert "printer wakes" not in str(client.session.items())


def test_another_site_carries_nothing_in(session: Session, ana: User) -> None:
    """A form on an evil page, sent to us by a browser that is signed in or not, puts no words into ours."""
    page = f"{session.get_absolute_url()}escalate/"
    for client in (browser_of(None), browser_of(ana)):
        for referer in ("https://evil.example/", "http://testserver.evil.example/", ""):
            sent = {"notes": WHY, "typed_by": str(ana.pk)}
            answer = client.post(page, sent, headers={"Referer": referer, "Origin": "https://evil.example"})
            assert answer.status_code == 403
            assert "carried" not in answer.content.decode()
            assert "printer" not in answer.content.decode()
    forged = client.post("/login/", {"carried": "e30:1xWgZX:abc", "login": ana.email, "password": PASSWORD})
    assert "typed" not in client.session
    assert forged.status_code in (302, 403)


def test_no_secret_is_carried(ana: User) -> None:
    client = browser_of(ana)
    page = "/settings/password/"
    sent = hidden(client.get(page).content.decode())
    secrets = {name: f"secret words of {name}" for name in ("old_password", "new_password1", "new_password2", "token")}
    end_sign_in(client)
    answer = client.post(page, sent | secrets, headers={"Referer": SITE + page})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/settings/password/")
    refused = client.post("/settings/nothing/", sent | secrets, headers={"Referer": SITE + page})
    assert "secret words" not in refused.content.decode()


def test_where_the_form_is_gone_the_text_is_there_to_copy(session: Session, ana: User, bo: User) -> None:
    client = browser_of(ana)
    answer = escalate(client, session)
    session.resolve(ana, resolution="It was the printer")
    sign_in(client, answer, ana)
    html = client.get(f"{session.get_absolute_url()}escalate/").content.decode()
    assert escape(WHY) in html
    assert f'href="{session.get_absolute_url()}"' in html


# --- who is signed in, with a token from before ------------------------------------------------------


def test_a_stale_token_gives_the_form_back(session: Session, ana: User) -> None:
    client = browser_of(ana)
    page = f"{session.get_absolute_url()}escalate/"
    sent = hidden(client.get(page).content.decode()) | {"notes": WHY, "priority": "2"}
    sent["csrfmiddlewaretoken"] = "x" * 64
    answer = client.post(page, sent, headers={"Referer": SITE + page})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert in_textarea(client.get(page).content.decode(), "notes") == WHY
    assert not Handoff.objects.exists()


def test_a_page_drawn_for_another_person_is_not_sent_as_mine(session: Session, ana: User, bo: User) -> None:
    client = browser_of(bo)
    path = f"{session.get_absolute_url()}messages/"
    sent = hidden(client.get(session.get_absolute_url()).content.decode())
    body = {"csrfmiddlewaretoken": sent["csrfmiddlewaretoken"], "text": "Words of Ana", "typed_by": str(ana.pk)}
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(path, body, headers={"Referer": SITE + session.get_absolute_url(), **headers})
        assert answer.status_code == 403
        assert "Words of Ana" not in answer.content.decode()
    assert not session.messages.exists()
    assert client.post(path, body | {"typed_by": str(bo.pk)}).status_code == 302


@pytest.mark.parametrize(("draft", "said"), [({"draft": "abcdefgh12"}, "Your text is kept"), ({}, "Copy what you may")])
def test_a_script_is_told_whether_the_text_is_kept(session: Session, ana: User, draft: Any, said: str) -> None:
    """By the browser, which names its draft: the server keeps none of what a script sends."""
    answer = browser_of(ana).post(f"{session.get_absolute_url()}messages/", draft, headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert said in answer.content.decode()


# --- whatever else says no ---------------------------------------------------------------------------


def test_every_refusal_shows_the_text(
    session: Session, waiting: Handoff, ana: User, vic: User, monkeypatch: Any
) -> None:
    words = "Half an hour of <careful> words"

    def refused(user: User, path: str) -> tuple[int, bool]:
        client = browser_of(user)
        token = hidden(client.get("/settings/").content.decode())
        answer = client.post(path, token | {"priority": "2", "notes": words, "text": words, "reason": words})
        return answer.status_code, escape(words) in answer.content.decode()

    at = session.get_absolute_url()
    assert refused(vic, f"{at}messages/") == (403, True)
    assert refused(ana, f"{at}escalate/") == (409, True)
    assert refused(ana, "/sessions/999999/messages/") == (404, True)
    assert refused(ana, "/no/such/page/") == (404, True)

    def broken(error: Exception) -> Any:
        def add_message(*_args: Any, **_fields: Any) -> None:
            raise error

        return add_message

    monkeypatch.setattr(Session, "add_message", broken(OperationalError("gone")))
    assert refused(ana, f"{at}messages/") == (503, True)
    monkeypatch.setattr(Session, "add_message", broken(ValueError("ours")))
    assert refused(ana, f"{at}messages/") == (500, True)


# --- every form of every page ------------------------------------------------------------------------

WRITTEN = (None, "text", "search", "url", "tel", "email")


def written(form: refill.HtmlForm) -> list[str]:
    """The fields of a form in which one writes."""
    return [
        str(part.attrs["name"])
        for part in form.parts
        if part.attrs.get("name")
        and (part.name == "textarea" or (part.name == "input" and part.attrs.get("type") in WRITTEN))
        and not str(part.attrs["name"]).startswith("credential_")
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.thorough
def test_every_form_comes_back_filled_in(cast: dict[str, User], furniture: None) -> None:
    """Of every page of the site: a new form is filled in again, or this fails."""
    for user in cast.values():
        user.set_password(PASSWORD)
        user.save()
    wrong, seen = [], set()
    for who, _name, path in walk.pages(cast):
        if who not in cast:
            continue
        page = refill.HtmlPage(browser_of(cast[who]).get(path).content.decode())
        for form in [one for one in page.forms if one.tag.attrs.get("method") == "post" and written(one)]:
            to = form.tag.attrs.get("action") or path.split("?")[0]
            if to.startswith(("/login/", "/password/")) or (who, to) in seen:
                continue
            seen.add((who, to))
            if found := not_back(cast[who], path, to, written(form)):
                wrong.append((who, path, to, found))
    assert not wrong, "\n".join(map(str, wrong))
    assert len({re.sub(r"\d+", "7", to) for _who, to in seen}) > 20, seen


def not_back(user: User, path: str, to: str, names: list[str]) -> list[str]:
    """What is not in the form after a sign-in in between."""
    client = browser_of(user)
    html = client.get(path).content.decode()
    words = {name: f"words <{n}> & more" for n, name in enumerate(names)}
    end_sign_in(client)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token
    body = words | {"csrfmiddlewaretoken": token[1], "typed_by": str(user.pk)}
    answer = client.post(to, body, headers={"Referer": SITE + path})
    there = sign_in(client, answer, user)
    again = client.get(there["Location"]).content.decode()
    form = next((one for one in refill.HtmlPage(again).forms if "data-typed" in one.tag.attrs), None)
    if form is None:
        return ["no form"]
    inside = again[form.tag.start : again.index("</form>", form.tag.start)]
    return [name for name, text in words.items() if escape(text) not in inside]


def test_a_password_field_has_a_name_that_is_never_kept() -> None:
    """The rule goes by names: what is typed blind has one of them, in every form there is."""

    def every(kind: type) -> list[type]:
        return [kind, *(one for child in kind.__subclasses__() for one in every(child))]

    names = {
        name
        for form in every(forms.BaseForm)
        if form.__module__.split(".")[0] in ("resolutionflow", "sessions_app", "handoffs", "notifications")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput)
    }
    assert "password" in names
    assert [name for name in names if not unsent_text.SECRET.search(name)] == []


def test_the_admins_forms_come_back_too(olga: User) -> None:
    olga.set_password(PASSWORD)
    olga.save()
    assert not_back(olga, "/admin/accounts/team/add/", "/admin/accounts/team/add/", ["name"]) == []


def test_a_question_comes_back_on_the_page_it_was_typed_on(waiting: Handoff, bo: User) -> None:
    client, page = browser_of(bo), f"/handoffs/{waiting.pk}/ask/"
    sent = hidden(client.get(page).content.decode()) | {"text": WHY}
    end_sign_in(client)
    answer = sign_in(client, client.post(page, sent, headers={"Referer": f"{SITE}{page}"}), bo)
    assert answer["Location"] == page
    assert in_textarea(client.get(page).content.decode(), "text") == WHY
    assert not waiting.session.messages.exists()
