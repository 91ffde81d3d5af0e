"""{% load markdown %}: what people write, with its Markdown, its links and whom it names, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b

from django import template
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from resolutionflow.accounts.models import Account
from resolutionflow.core.text import NOTE
from resolutionflow.web import markdown as rendering
from resolutionflow.web.markdown import Place
from resolutionflow.web.named import names_alone
from sessions_app.mentions import named_in
from sessions_app.models import Message, Session
from sessions_app.templatetags.tickets import ticket_url

register = template.Library()

REMEMBERED = 50_000  # characters of what is rendered

Render = Callable[[str, Place], SafeString]


@register.filter
def markdown(text: str, session: Session) -> SafeString:
    """All of it: in an element that keeps white space and may hold lists and blocks of code (no <p>)."""
    return _remembered("blocks", _with_copy_buttons, text, session)


@register.filter
def markdown_rest(message: Message) -> SafeString:
    """What a message says after the names at its beginning: its first line goes on with theirs, and begins no list."""
    return _remembered("blocks", _with_copy_buttons, message.rest, message.session, goes_on=bool(message.addressed_to))


@register.filter
def markdown_line(text: str, where: Session | Account) -> SafeString:
    """Without lists and blocks: in a <p>, in a sentence, or where what is shown is cut to some lines. In a list of many
    sessions the account stands for them: of each of them something else might have to be asked for."""
    return _remembered("line", rendering.line, text, where)


@register.filter
def links(text: str, session: Session) -> SafeString:
    """As it was typed, with links alone."""
    return _remembered("links", rendering.links, text, session)


@register.filter
def names(text: str, session: Session) -> SafeString:
    """As it was typed, with the people it names marked: where no link can be."""
    return names_alone(text, named_in(text, account_id=session.account_id))


def _remembered(what: str, render: Render, text: str, where: Session | Account, *, goes_on: bool = False) -> SafeString:
    """Rendered once by each process. What is longer than a note is shown as it was typed: it is read as a log is."""
    if len(text) > NOTE:
        return SafeString(escape(text))
    people = named_in(text, account_id=where.account_id if isinstance(where, Session) else where.pk)
    if not people and rendering.is_plain(text):
        return SafeString(escape(text))
    place = replace(_place(text, where) if isinstance(where, Session) else Place(), goes_on=goes_on, names=people)
    key = blake2b(repr((what, text, place)).encode()).hexdigest()
    cache = caches["local"]
    if (html := cache.get(key)) is None:
        html = render(text, place)
        if len(html) <= REMEMBERED:
            cache.set(key, html)
    return SafeString(html)


@register.filter
def is_fenced(text: str) -> bool:
    """Whether part of it is marked as output: then what is around that is prose, whatever the shape of most lines. What
    is too long to be rendered would show the mark alone."""
    return len(text) <= NOTE and bool(_FENCE.search(text))


_FENCE = re.compile(r"^[ \t]*```", re.M)
_REFS = re.compile(r"\b[sm]\d")


def _place(text: str, session: Session) -> Place:
    """As far as this text needs it: a step more does not render anew what names none, and its ticket's system is asked
    for only where the ticket is named."""
    has_refs, ticket = _REFS.search(text), session.psa_ticket_id
    is_named = ticket and ticket in text
    return Place(
        session=session.get_absolute_url(),
        steps=session.step_count if has_refs else 0,
        messages=session.message_count if has_refs else 0,
        ticket=ticket if is_named else "",
        ticket_page=ticket_url(session) if is_named else "",
    )


def _with_copy_buttons(text: str, place: Place) -> SafeString:
    """Each block of code as other output is (sessions_app/_block.html). No text has these tags: it is escaped."""
    html = rendering.blocks(text, place)
    if "<pre>" not in html:
        return html
    before = '<div class="printed"><pre tabindex="0" dir="ltr" data-whole>\n'
    after = f"</pre>{render_to_string('sessions_app/_copy.html')}</div>"
    return SafeString(html.replace("<pre>", before).replace("</pre>", after))
