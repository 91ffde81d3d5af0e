"""Fills a page's form with what somebody had typed, in the finished HTML, so that no view and no form has to know.

Only for our own pages, just rendered: well-formed, every attribute quoted. Everything but the changed tags stays as it
was, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.utils.html import escape

OTHER = ("hidden", "password", "file", "submit", "button", "reset", "image")  # inputs that nobody fills in with text
CHOSEN = ("checkbox", "radio")
SHOWN = (
    "shown"  # the hidden check sums of a CorrectionForm: of the page on which it was typed, whatever is stored by now
)
# The fields that people write in: one word is a text there, where elsewhere it is a choice.
WRITTEN = {
    "access", "asset_name", "body", "changed_before", "client_name", "contact", "email", "free_text", "holidays",
    "checks", "intake_text", "label", "name", "notes", "options", "phone", "problem_summary", "psa_ticket_id", "reason",
    "resolution", "root_cause", "text", "affected", "suspect", "next_step", "watch_out", "status_waiting",
    "status_working", "status_resolved", "comment", "ai_instructions", "ai_monthly_tokens", "reply_to",
}  # fmt: skip


@dataclass(eq=False)
class HtmlTag:
    """A start tag: its place in the page, and the `<details>` elements around it."""

    name: str
    attrs: dict[str, str | None]
    start: int
    end: int
    folds: list[HtmlTag]
    owner: HtmlTag | None = None  # an option's select
    closed: int = 0  # where the text in it ends
    text: str | None = None  # what shall stand in it instead
    after: str = ""  # what shall follow it
    changed: bool = False

    def set(self, name: str, on: bool | str) -> None:
        if on is False:
            self.attrs.pop(name, None)
        else:
            self.attrs[name] = on if isinstance(on, str) else None
        self.changed = True

    def __str__(self) -> str:
        words = [name if value is None else f'{name}="{escape(value)}"' for name, value in self.attrs.items()]
        return f"<{' '.join([self.name, *words])}>"


@dataclass(eq=False)
class HtmlForm:
    tag: HtmlTag
    parts: list[HtmlTag] = field(default_factory=list)

    def posts_to(self, page: str) -> set[str]:
        """The paths this form may be sent to: its own action's, and those of its buttons."""
        own = [self.tag.attrs.get("action"), *(part.attrs.get("formaction") for part in self.parts)]
        return {urlsplit(urljoin(page, address)).path for address in own if address} or {urlsplit(page).path}


class HtmlPage(HTMLParser):
    """Reads a page and collects its forms and their fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.tags: list[HtmlTag] = []
        self._form: HtmlForm | None = None
        self._folds: list[HtmlTag] = []
        self._open: dict[str, HtmlTag] = {}
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._at()
        tag = HtmlTag(name, dict(attrs), start, start + len(self.get_starttag_text() or ""), list(self._folds))
        self.tags.append(tag)
        self._open[name] = tag
        if name == "details":
            self._folds.append(tag)
        elif name == "form":
            self._form = HtmlForm(tag)
            self.forms.append(self._form)
        elif self._form and name in ("input", "textarea", "select", "option", "button"):
            tag.owner = self._open.get("select") if name == "option" else None
            self._form.parts.append(tag)

    def handle_endtag(self, name: str) -> None:
        if name == "details" and self._folds:
            self._folds.pop()
        elif name == "form":
            self._form = None
        elif name == "textarea":
            self._open[name].closed = self._at()


def refill(html: str, *, page: str, to: str, fields: Iterable[tuple[str, str]], said: str) -> str | None:
    """The page with its form for `to` filled in and unfolded; None where a text has no place in it any more."""
    found = HtmlPage(html)
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    for form in found.forms:
        if form.tag.attrs.get("method", "") == "post" and urlsplit(to).path in form.posts_to(page) and form.parts:
            if not _fill_form(form, sent):
                continue
            form.tag.set("data-typed", True)
            form.tag.after = f'<p class="notice" role="status">{escape(said)}</p>'
            return _render_page(html, found.tags)
    return None


def _fill_form(form: HtmlForm, sent: dict[str, list[str]]) -> bool:
    """Fill the form in; False where a text has no field in it."""
    left = {name: list(values) for name, values in sent.items()}
    chosen = [part for part in form.parts if _choose(part, sent)]
    written = [*chosen, *(part for part in form.parts if part not in chosen and _write_text(part, left))]
    for part in chosen:
        left.pop(_field_name(part), None)
    placed = {_field_name(part) for part in written}
    for part in (one for one in written if one.text):
        for fold in part.folds:
            fold.set("open", True)
    first = next((part for part in written if part.text), None)
    if first:
        first.set("autofocus", True)  # the browser scrolls to it
    return all(
        name in placed and not left.get(name)
        for name, values in sent.items()
        if any(is_text(name, one) for one in values)
    )


def _field_name(part: HtmlTag) -> str:
    return part.attrs.get("name") or (part.owner and part.owner.attrs.get("name")) or ""


def note_before(html: str, *, page: str, to: str, note: str) -> str | None:
    """The page with `note`, which is HTML, at the beginning of its form for `to`, or of its main part where that form
    is gone; None for a fragment without either."""
    found = HtmlPage(html)
    forms = (form.tag for form in found.forms if form.tag.attrs.get("method") == "post" and to in form.posts_to(page))
    tag = next(forms, None) or next((one for one in found.tags if one.name == "main"), None)
    if tag is None:
        return None
    return f"{html[: tag.end]}{note}{html[tag.end :]}"


def is_text(name: str, value: str) -> bool:
    """Whether a value was written by a person: not a number, a choice or a key. Some languages have no spaces between
    words. Where a page has many forms, what stands before the last dash in a name says of which the field is."""
    said, last = value.strip(), name.rpartition("-")[2]
    return (
        bool(said)
        and last != SHOWN
        and (last in WRITTEN or not said.isascii() or any(sign in said for sign in " \n\\"))
    )


def _choose(part: HtmlTag, sent: dict[str, list[str]]) -> bool:
    if part.name == "option" and part.owner and (name := part.owner.attrs.get("name")) in sent:
        part.set("selected", (part.attrs.get("value") or "") in sent[name or ""])
        return True
    if part.name == "input" and part.attrs.get("type") in CHOSEN:
        values = sent.get(part.attrs.get("name") or "", [])
        if values or part.attrs["type"] == "checkbox":  # of which only the ticked are sent
            part.set("checked", (part.attrs.get("value") or "on") in values)
        return True
    return False


def _write_text(part: HtmlTag, left: dict[str, list[str]]) -> bool:
    name = part.attrs.get("name") or ""
    values, is_filled_in = left.get(name), part.attrs.get("type") not in OTHER or name == SHOWN
    if part.name not in ("input", "textarea") or not is_filled_in or not values:
        return False
    part.text = values.pop(0)
    if part.name == "input":
        part.set("value", part.text)
    return True


def _render_page(html: str, tags: list[HtmlTag]) -> str:
    pieces, at = [], 0
    for tag in tags:
        if not (tag.changed or tag.text is not None):
            continue
        pieces += [html[at : tag.start], str(tag) if tag.changed else html[tag.start : tag.end], tag.after]
        at = tag.end
        if tag.name == "textarea" and tag.text is not None:
            pieces.append(f"\n{escape(tag.text)}")  # a browser drops the first line break
            at = tag.closed
    return "".join([*pieces, html[at:]])
