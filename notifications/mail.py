"""A mail to a person, as text and as HTML that says the same: what of it differs from mail to mail is a Content.

Secrets are taken out of every piece before it is put into a template, so that no tag, cut or escape can split one and
leave it standing; both versions are made of the same pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from handoffs.brief.text import Part, parts_as_text
from resolutionflow.core.redaction import counted, in_words, redact_all
from resolutionflow.core.text import SHORT, clean, cut, one_line

HTML_SIZE = 95_000  # bytes: Gmail shows 102 KB of a mail and cuts off the rest
PIECES = (6_000, 2_000, 600, 200, 60)  # characters of a piece in the HTML: the most that fit are shown
PREVIEW = 150  # characters that a list of mails shows beside the subject
_MARK, _COLON = "\x1e", "\x1f"  # around a quote in a rendered body.txt: stored text has neither


class Address(str):
    """An address of ours that a mail leads to: no secret is looked for in it, and it is never cut."""


class Quote(NamedTuple):
    """What somebody wrote, under a label that says what it is."""

    label: str
    text: str


class Fact(NamedTuple):
    label: str
    value: str


class Line(NamedTuple):
    """A line of a list: its words, where they lead, and what is said beside them."""

    text: str
    link: Address = Address()
    beside: str = ""


class Lines(NamedTuple):
    heading: str
    lines: list[Line]


class Button(NamedTuple):
    label: str
    link: Address


class Content(NamedTuple):
    """What a mail says. `heading`: what happened; `why`: a phrase; `settings`: where one changes what one gets."""

    subject: str
    heading: str
    settings: Address
    paragraphs: Sequence[str | Quote] = ()
    facts: Sequence[Fact] = ()
    brief: Sequence[Part] = ()
    lists: Sequence[Lines] = ()
    button: Button | None = None
    why: str = ""


def quoted(label: str, text: str) -> str:
    """What somebody wrote, marked for `paragraphs_of`; nothing where nothing was written."""
    return f"{_MARK}{label}{_COLON}{clean(text)}{_MARK}" if clean(text) else ""


def paragraphs_of(rendered: str) -> list[str | Quote]:
    """The paragraphs of a rendered body.txt, of which each is one line, and the quotes in it."""
    found: list[str | Quote] = []
    for index, piece in enumerate(rendered.split(_MARK)):
        if index % 2:
            label, _colon, text = piece.partition(_COLON)
            found.append(Quote(label, text))
        else:
            found += filter(None, map(one_line, re.split(r"\n{2,}", piece)))
    return found


def as_text(content: Content, *, left_out: str = "", ends: Mapping[str, Any] | None = None) -> str:
    """The text of a mail; `left_out` says which secrets were, `ends` what is said at its end."""
    context = {**content._asdict(), "brief_text": parts_as_text(content.brief), "left_out": left_out, **(ends or {})}
    return re.sub(r"\n{3,}", "\n\n", clean(render_to_string("notifications/mail.txt", context))) + "\n"


def render_mail(content: Content, *, to: str, headers: Mapping[str, str], reply_to: str = "") -> EmailMultiAlternatives:
    """The mail, without its secrets. Where `reply_to` is empty it says that nobody reads replies. Of `lists` 100 lines
    fit, whatever they say."""
    content = _without_secrets(content)
    left_out = in_words(counted(f"{content.subject}\n{as_text(content)}"))
    ends = {"nobody_reads_replies": not reply_to}
    mail = EmailMultiAlternatives(
        subject=cut(one_line(content.subject), SHORT),
        body=as_text(content, left_out=left_out, ends=ends),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers=dict(headers),
    )
    mail.attach_alternative(_as_html(content, left_out=left_out, **ends), "text/html")
    return mail


def _without_secrets(content: Content) -> Content:
    """Each piece is read by itself and with the others, then the text as a whole: where that shows a secret which no
    piece shows, the paragraphs of that text are all the mail has."""
    redacted = iter(redact_all([clean(piece) for piece in _pieces(content)]))
    content = _mapped(content, lambda _piece: next(redacted))
    as_whole = [content.subject, content.heading, as_text(content)]
    subject, heading, text = redact_all(as_whole)
    if [subject, heading, text] == as_whole:
        return content
    plain = content._replace(subject=subject, heading=heading, facts=(), brief=(), lists=())
    return plain._replace(paragraphs=_body_of(text, content))


def _body_of(text: str, content: Content) -> list[str | Quote]:
    """The paragraphs between the heading and the address of a mail's text."""
    end = f"\n{content.button.link}\n" if content.button else "\n--\n"
    return list(text.split(end)[0].split("\n\n")[1:])


def _pieces(value: Any) -> Iterator[str]:
    """All words of a mail, in order."""
    if isinstance(value, str):
        if not isinstance(value, Address):
            yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _pieces(part)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same with each piece changed, in the order of `_pieces`."""
    if isinstance(value, str):
        return value if isinstance(value, Address) else change(value)
    if not isinstance(value, tuple | list):
        return value
    changed = [_mapped(part, change) for part in value]
    return type(value)(*changed) if hasattr(value, "_fields") else changed


def _as_html(content: Content, **more: Any) -> str:
    """The HTML of a mail; of a very long one each piece is cut, and it says so."""
    html = ""
    for most in PIECES:
        shown = _mapped(content, partial(cut, length=most))
        context = {**shown._asdict(), "preview": _preview(content), "is_cut": shown != content, **more}
        html = render_to_string("notifications/mail.html", context)
        if len(html.encode()) <= HTML_SIZE:
            break
    return html


def _preview(content: Content) -> str:
    """What a list of mails shows behind the subject: what happened, and the first of what was written."""
    said = next(iter(content.paragraphs), "") or parts_as_text(content.brief[:1])
    words = said.text if isinstance(said, Quote) else said
    happened = content.heading if content.heading != content.subject else ""
    return cut(": ".join(filter(None, [happened, one_line(words)])), PREVIEW)
