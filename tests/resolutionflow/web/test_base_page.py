"""The frame of every page: its landmarks, its theme, and the pages for when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client

from resolutionflow.web import modules
from resolutionflow.web.templatetags import STYLESHEETS

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE_DIR) / "static"


def test_landmarks_skip_link_and_counts(client, waiting, bo):
    client.force_login(bo)
    html = client.get("/").content.decode()
    assert html.index('class="skip" href="#main"') < html.index("<nav") < html.index('<main id="main"')
    assert '<form id="verb" method="post" hidden>' in html
    assert re.search(r'id="queue-count"[^>]*>1<', html)
    assert f'data-user="{bo.pk}"' in html


def test_the_page_knows_the_newest_number_it_can_show(client, waiting, bo):
    client.force_login(bo)
    bo.account.refresh_from_db()
    assert f'data-seq="{bo.account.last_seq}"' in client.get("/queue/").content.decode()


@pytest.mark.parametrize(("cookie", "shown"), [("dark", True), ("light", True), ('"><script>', False)])
def test_the_theme_is_right_at_first_paint(client, bo, cookie, shown):
    client.force_login(bo)
    client.cookies["theme"] = cookie
    assert (f'data-theme="{cookie}"' in client.get("/").content.decode()) is shown


def test_a_page_fetched_by_the_script_takes_no_message_away(client, waiting, ana):
    client.force_login(ana)
    client.post(f"/handoffs/{waiting.pk}/priority/", {"priority": "0"})
    assert "Priority changed." not in client.get("/queue/", headers={"X-Requested-With": "live"}).content.decode()
    assert "Priority changed." in client.get("/queue/").content.decode()


def test_what_is_not_there_says_so(client, bo):
    client.force_login(bo)
    answer = client.get("/handoffs/999/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_a_stale_form_says_what_to_do(bo):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bo)
    answer = strict.post("/handoffs/1/claim/")
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_a_stale_page_of_the_script_gets_a_toast(waiting, bo):
    stale = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
    stale.force_login(bo)
    answer = stale.post(f"/handoffs/{waiting.pk}/claim/")
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reselect"]) == (403, "#toasts", "unset")
    assert "reload" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_no_inline_style_script_or_handler(client, waiting, bo):
    client.force_login(bo)
    for address in ("/", "/queue/", waiting.get_absolute_url()):
        html = client.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("address", ["/queue/", "/logout/", "/admin/", "/404/"])
def test_a_page_asks_at_once_for_all_that_its_scripts_import(client, olga, address):
    client.force_login(olga)
    html = client.get(address).content.decode()
    scripts = re.findall(r'<script src="/static/(js/[^"]+)"[^>]* type="module">', html)
    preloaded = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', html)
    assert scripts
    assert set(modules.imports_behind(*scripts)) == set(preloaded) - set(scripts)
    assert len(preloaded) == len(set(preloaded))


def test_a_page_that_is_open_does_not_get_its_scripts_and_sheets_again(client, bo):
    client.force_login(bo)
    html = client.get("/queue/", headers={"X-Requested-With": "live"}).content.decode()
    assert "<script" not in html
    assert "stylesheet" not in html
    assert 'id="cards"' in html


def test_every_icon_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    templates = (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    named = {name for path in templates for name in re.findall(r'{% (?:icon|mark) "([^"]+)"', path.read_text())}
    assert not named - drawn


def test_colours_are_tokens():
    outside = [STATIC / f"css/{name}.css" for name in STYLESHEETS if name != "tokens"]
    assert outside
    for sheet in outside:
        assert not re.findall(r"#[0-9a-f]{3,8}\b(?![^{]*{)", sheet.read_text()), sheet.name


def test_every_page_links_every_sheet_in_one_order(client, bo):
    """Also the pages that must come whatever is amiss: these by plain names, which nothing has to look up."""
    named = [f"/static/css/{name}.css" for name in STYLESHEETS]
    for page in ("500.html", "503.html"):
        assert re.findall(r'rel="stylesheet" href="([^"]+)"', render_to_string(page)) == named
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/login/").content.decode()) == named
    client.force_login(bo)
    html = client.get("/queue/").content.decode()
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', html) == [*named, "/me.css"]
    assert all(finders.find(address.removeprefix("/static/")) for address in named)
