"""{% load mails %}: what the HTML of a mail is made of. Mail programs know no style sheet, little CSS and no blanks."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from notifications import mail
from resolutionflow.core.text import cut
from sessions_app.errors.printed import looks_printed

register = template.Library()

FONT = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
MONO = "Consolas,Menlo,'DejaVu Sans Mono',monospace"
COLUMNS, LINES = 69, 40  # of output: what is wider pushes the mail apart in Outlook
TONES = {"Failed": ("danger", "#b3211e"), "Worked": ("good", "#25703a")}
_BLANKS = re.compile(r"^ | (?= )", re.MULTILINE)


@register.simple_tag
def said(label: str, text: str) -> str:
    """{% said "Reason" facts.reason %}, in a body.txt: what somebody wrote, under its label; nothing where that is
    nothing."""
    return mail.quoted(label, text)


@register.filter
def typed(text: str) -> SafeString:
    """What people write, with its line ends and blanks: Outlook knows no white-space."""
    shown = _BLANKS.sub("&nbsp;", escape(text.expandtabs(4))).replace("\n", "<br>")
    return mark_safe(shown)  # noqa: S308  escaped just above


@register.filter
def is_output(text: str) -> bool:
    """Whether this is what a machine printed, which is shown column by column."""
    return looks_printed(text)


@register.filter
def columns(text: str) -> str:
    """The beginning of an output, each line cut."""
    lines = text.expandtabs(8).split("\n")
    shown = [cut(line, COLUMNS) for line in lines[:LINES]]
    return "\n".join(shown + [f"… {len(lines) - LINES} more lines"] * (len(lines) > LINES))


@register.simple_tag
def mail_font(size: int, family: str = "") -> SafeString:
    """{% mail_font 14 %}, {% mail_font 12 "mono" %}: within a style. Each cell says it, for Outlook."""
    name, height = (MONO, 1.45) if family == "mono" else (FONT, 1.4)
    return mark_safe(f"font-family:{name};font-size:{size}px;line-height:{round(size * height)}px")  # noqa: S308


@register.simple_tag
def tone(label: str) -> SafeString:
    """The class and colour of how a step ended, where it has one."""
    if label not in TONES:
        return SafeString("")
    name, colour = TONES[label]
    return mark_safe(f' class="{name}" style="color:{colour}"')  # noqa: S308


@register.simple_tag
def filler() -> SafeString:
    """What keeps a list of mails from showing the text after the preview beside it."""
    return SafeString("&nbsp;&zwnj;" * 70)
