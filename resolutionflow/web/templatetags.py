"""Template tags of every page: style sheets, scripts, icons, times people can read, links, CSRF tokens, unsent
text."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from resolutionflow.web import modules, unsent_text
from resolutionflow.web.reachable import reachable

register = template.Library()
register.filter(reachable)

# static/css/, in the order they are read: tokens first, which says how the layers are ordered. Inside a layer the later
# sheet wins, so that a screen may say something else than the components it is made of.
STYLESHEETS = (
    "tokens", "base", "layout", "components", "forms", "record", "session", "composer", "queue", "brief", "handoff",
    "api", "utilities",
)  # fmt: skip


@register.simple_tag
@lru_cache
def stylesheets(*, hashed: bool = True) -> SafeString:
    """The links to all of them. By their plain names for the pages that must come whatever is amiss: a hashed name is
    looked up, and what is not found raises."""
    paths = (f"css/{name}.css" for name in STYLESHEETS)
    addresses = ((static(path) if hashed else f"{settings.STATIC_URL}{path}",) for path in paths)
    return format_html_join("\n    ", '<link rel="stylesheet" href="{}">', addresses)


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, css: str = "icon") -> SafeString:
    """An image from static/icons.svg; the word beside it says what it means."""
    sprite = static("icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, sprite, name)


@register.simple_tag
@lru_cache(maxsize=100)
def preload(*scripts: str) -> SafeString:
    """All that these modules import: asked for at once, and not one after the other as each is read."""
    addresses = ((static(name),) for name in (*scripts, *modules.imports_behind(*scripts)))
    return format_html_join("\n    ", '<link rel="modulepreload" href="{}">', addresses)


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's token field, with the id of the person the form was drawn for: only they get its unsent text back."""
    token, user = CsrfTokenNode().render(context), context.get("user")
    if not token or user is None or user.pk is None:
        return mark_safe(token)  # noqa: S308  Django's
    return format_html('{}<input type="hidden" name="typed_by" value="{}">', token, user.pk)


@register.inclusion_tag("_unsent_text.html", takes_context=True)
def your_text(context: Context) -> dict[str, Any]:
    """What a refused form held, to be copied: a refusal must not lose it. Works without a database, and without a
    request."""
    request = context.get("request")
    return {"typed": context["typed"] if "typed" in context else unsent_text.unsent_texts(request) if request else []}


@register.simple_tag
def mark(outcome: str) -> SafeString:
    """The symbol of a step's outcome."""
    return icon(outcome, f"mark {outcome}")


@register.filter
def thousands(number: Any) -> str:
    """2000000 -> 2,000,000"""
    return f"{number:,}" if isinstance(number, int) else ""


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """`4 min ago`, or `in 3 h`; the exact time on hover. live.js rewrites it as time passes."""
    return _time_element(moment, "ago", relative(moment) if moment else "")


@register.simple_tag
def waited(moment: datetime | None) -> SafeString:
    """`4 min`: the time since `moment`."""
    return _time_element(moment, "waited", span(timezone.now() - moment) if moment else "")


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """`12:31` today, `Mon 12:31` this week, `12 Nov 12:31` before that."""
    return _time_element(moment, "at", clock_time(moment) if moment else "")


def _time_element(moment: datetime | None, kind: str, words: str) -> SafeString:
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" data-time="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        kind,
        _exact_time(timezone.localtime(moment).replace(second=0, microsecond=0)),
        words,
    )


@lru_cache(maxsize=10_000)
def _exact_time(local: datetime) -> str:
    """`23 Nov 2026 12:31`. Cached, because a card shows the same moment for as long as it waits."""
    return date_format(local, "j M Y H:i")


def relative(moment: datetime) -> str:
    passed = timezone.now() - moment
    if passed < timedelta(0):
        return f"in {span(-passed)}"
    if passed < timedelta(minutes=1):
        seconds = max(1, passed.seconds)
        return f"{seconds} second{'' if seconds == 1 else 's'} ago"
    return f"{span(passed)} ago"


def span(length: timedelta) -> str:
    """A length of time in its largest unit, as people say it."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def clock_time(moment: datetime) -> str:
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        return date_format(local, "H:i")
    if abs((local.date() - today).days) < 7:
        return date_format(local, "D H:i")
    return date_format(local, "j M H:i" if local.year == today.year else "j M Y H:i")
