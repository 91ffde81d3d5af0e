"""Text of people in Hebrew or Arabic, at every address: it reads from right to left, and turns nothing around it.

The addresses come from the URL list and the texts from the models, so that a new page or field is walked as well.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.every_address.addresses import OF_PAGES, filled
from tests.every_address.test_markup import answer_to, whoever, with_texts

pytestmark = pytest.mark.django_db

HEBREW = "שלום עולם"
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NO_DIRECTION = {"title", "option", "script", "style"}  # a browser isolates each option by itself
# Fields of codes, numbers, addresses and output: from left to right in every language.
CODES = {
    "free_text", "intake_text", "email", "address", "phone", "base_url", "query", "login", "psa_ticket_id",
}  # fmt: skip


class Page(HTMLParser):
    """What stands alone in main, of people, and has no direction of its own."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.undirected: list[str] = []
        self.shown = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_field = tag == "input" and HEBREW in (given.get("value") or "")
        if is_field and given.get("type", "text") not in ("hidden", "checkbox", "radio", "submit"):
            self._see(given.get("dir") == "auto" or self._is_code(given), f"input {given.get('name')}")
        if tag not in EMPTY:
            self.open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _given in self.open]
        is_alone = HEBREW in data and not re.search("[A-Za-z]", data.replace("x@y.example", ""))
        if not is_alone or NO_DIRECTION & set(tags):
            return
        below = self.open[tags.index("main") + 1 :] if "main" in tags else self.open
        tag, given = self.open[-1]
        directed = any("dir" in attrs or tag == "bdi" for tag, attrs in below)
        self._see(
            directed or (tag == "textarea" and self._is_code(given)),
            f"{' '.join(tags[-3:])} .{given.get('class')} {given.get('name', '')}",
        )

    def _is_code(self, given: dict[str, str | None]) -> bool:
        return (given.get("name") or "").rpartition("-")[2] in CODES

    def _see(self, holds: bool, what: str) -> None:
        self.shown += 1
        if not holds:
            self.undirected.append(what)


def test_what_people_wrote_has_the_direction_of_its_letters(things, bo, wrong) -> None:
    full, shown = with_texts(things, bo, HEBREW), {}
    for route, name in OF_PAGES:
        answer = answer_to(whoever(name), "GET", filled(route, full))
        if "html" in answer.get("Content-Type", ""):
            page = Page(answer.content.decode())
            shown[name] = page.shown
            wrong.unless(not page.undirected, name, sorted(set(page.undirected)))
    assert min(shown[name] for name in ("session", "handoff", "queue", "home", "step_change")) > 2
