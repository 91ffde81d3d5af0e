"""{{ text|reachable }}: what becomes a link, and that nothing else does."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.html import escape

from resolutionflow.web.reachable import reachable


class Links(HTMLParser):
    """The links of some HTML, as a browser reads it: where each leads and what it says; any other element is wrong."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        href = given.pop("href") or ""
        out = {"target": "_blank", "rel": "noopener noreferrer"}
        assert tag == "a"
        assert given == (out if href.startswith("https://") else {}), given
        assert href.startswith(("https://", "mailto:", "tel:"))
        self.found.append((href, ""))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.found and not self.found[-1][1]:
            self.found[-1] = (self.found[-1][0], data)


def links(text: str) -> list[tuple[str, str]]:
    return Links(reachable(text)).found


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("https://rmm.example/d/7?a=1&b=2", "https://rmm.example/d/7?a=1&b=2", "rmm.example"),
        ("Console at https://rmm.example/d/7, then RDP", "https://rmm.example/d/7", "rmm.example"),
        ("(https://rmm.example/a_(b))", "https://rmm.example/a_(b)", "rmm.example"),
        ("[https://rmm.example]", "https://rmm.example", "rmm.example"),
        ("see https://rmm.example/x.", "https://rmm.example/x", "rmm.example"),
        ("“https://rmm.example/x”!", "https://rmm.example/x", "rmm.example"),
        ("HTTPS://RMM.Example/Path", "https://rmm.example/Path", "rmm.example"),
        ("https://rmm.example:8443/", "https://rmm.example:8443/", "rmm.example:8443"),
        ("https://rmm.example:443/x", "https://rmm.example/x", "rmm.example"),
        ("https://rmm", "https://rmm", "rmm"),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example"),
        ("https://аррӏе.example/", "https://xn--80ak6aa92e.example/", "xn--80ak6aa92e.example"),  # Cyrillic
        ("https://good.example\\@evil.example", "https://good.example", "good.example"),  # where browsers go, too
        ("ana@harbour.example", "mailto:ana@harbour.example", "ana@harbour.example"),
        ("Write to a.b+c@mail.harbour.example.", "mailto:a.b%2Bc@mail.harbour.example", "a.b+c@mail.harbour.example"),
        ("mailto:a@b.example?subject=x", "mailto:a@b.example", "a@b.example"),
        ("Mrs Hart, 0441 555 0142", "tel:04415550142", "0441 555 0142"),
        ("0441 555 0142 (9-17)", "tel:04415550142", "0441 555 0142"),
        ("0441 555 0142 08-17", "tel:04415550142", "0441 555 0142"),
        ("0441 555 0142 17:00", "tel:04415550142", "0441 555 0142"),
        ("(0441) 555-0142", "tel:04415550142", "(0441) 555-0142"),
        ("(call 0441/5550142)", "tel:04415550142", "0441/5550142"),
        ("Tel:+4722334455", "tel:+4722334455", "+4722334455"),
        ("+44 (0)20 7946 0018", "tel:+442079460018", "+44 (0)20 7946 0018"),
        ("+33 1 42 68 53 00", "tel:+33142685300", "+33 1 42 68 53 00"),
        ("+1 (415) 555-0142 x7", "tel:+14155550142;ext=7", "+1 (415) 555-0142 x7"),
        ("020 7946 0143x12, until 17:00", "tel:02079460143;ext=12", "020 7946 0143x12"),
        ("0441 555 0142, ext. 12 or 13", "tel:04415550142;ext=12", "0441 555 0142, ext. 12"),
        ("0441 555 0142 extension 4.", "tel:04415550142;ext=4", "0441 555 0142 extension 4"),
        ("0049 30 1234567", "tel:0049301234567", "0049 30 1234567"),
        ("(415) 555\u20110142", "tel:4155550142", "(415) 555\u20110142"),
        ("0441\u2013555\u20130142", "tel:04415550142", "0441\u2013555\u20130142"),
        ("(415) 555-0142", "tel:4155550142", "(415) 555-0142"),
        ("1-800-555-0142", "tel:18005550142", "1-800-555-0142"),
        ("22 33 44 55", "tel:22334455", "22 33 44 55"),
        ("01.12.2026 0441 555 0142", "tel:04415550142", "0441 555 0142"),
    ],
)
def test_a_link(text: str, href: str, shown: str) -> None:
    assert links(text) == [(href, shown)]


def test_several_and_the_text_between_them() -> None:
    html = reachable("Jo <0441 555 0142> or jo@x.example, https://x.example/a & https://y.example")
    assert html == (
        'Jo &lt;<a href="tel:04415550142">0441 555 0142</a>&gt; or <a href="mailto:jo@x.example">jo@x.example</a>, '
        '<a href="https://x.example/a" target="_blank" rel="noopener noreferrer">x.example</a> &amp; '
        '<a href="https://y.example" target="_blank" rel="noopener noreferrer">y.example</a>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "RDP as hb-support", "javascript:alert(1)", "JaVaScRiPt:alert('x')",
        "javascript://https://x.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>", "vbscript:x", "http://rmm.example",
        "http://x.example/?u=https://y.example",
        "ftp://x.example", "file:///etc/passwd", "ssh://root@x.example", "view-source+https://x.example",
        "xhttps://x.example",
        "//x.example", "www.x.example", "https:/x.example", "https:x.example", "https://", "https://]", "https://[",
        "https://[::",
        "https://.", "https://…", "https://?x", "https://@", "https://bo:secret@x.example/",
        "https://good.example@evil.example",
        "https://x.example:99999/", "https://x.example:port", "https://-x.example", "https://x..example",
        "https://exa_mple%2f.x",
        f"https://{'a' * 64}.example", f"https://{'a.' * 200}example", "https://x\u200b.example:0x50",
        "a@b", "@x.example", "a@@x.example", "a b@", "a@x.example@y.example", "a@.example",
        "123 456 789", "1 234 567 890", "192.168.10.20", "2026-11-27 08:00-18:00", "01.12.2026 10:30", "08.00-18.00",
        "48211", "#48190123456", "KB5039217", "0x80070005", "s3", "0441 555", "٠٤٤١ ٥٥٥ ٠١٤٢", "0441 555 0142x",
        "a/0441 555 0142",
        '"><a href="https://x" onclick="alert(1)', "<script>alert(1)</script>", "&lt;b&gt;",
        "'\"><img src=x onerror=alert(1)>",
    ],
)  # fmt: skip
def test_no_link(text: str) -> None:
    found = links(text)
    assert [link for link in found if link[1] != "x"] == []  # "https://x" before a quote is one
    if not found:
        assert reachable(text) == escape(text)


def test_quotes_end_an_address() -> None:
    assert links("""https://x.example/"onmouseover="alert(1)""") == [("https://x.example/", "x.example")]
    assert links("https://x.example/'><script>") == [("https://x.example/", "x.example")]
    assert "<script" not in reachable("https://x.example/<script>alert(1)</script>")


@pytest.mark.parametrize(
    "text", ["a", "https://x.example/?q=%22%3E&amp", "Mrs O'Hara\n0441 555 0142 <b>", "\x00\u202e"]
)
def test_nothing_of_the_text_is_lost(text: str) -> None:
    shown = re.sub(r"https://[^\s]*", "x.example", text)
    assert Links(reachable(text)).text == shown


def test_what_is_safe_already_is_escaped_all_the_same() -> None:
    template = Template("{{ text|reachable }}")
    assert template.render(Context({"text": "<b>"})) == "&lt;b&gt;"
    assert Template("{{ text|safe|reachable }}").render(Context({"text": "<b>"})) == "&lt;b&gt;"
    assert template.render(Context({"text": None})) == ""
    assert template.render(Context({"text": 7})) == "7"


@pytest.mark.parametrize(
    "part",
    [
        "a", "0", "1 ", "https://", "a@", "a.", "(", "+1", "a-", "a+", "x@a.", "ü", "(]", "0 ", "0441 555 0142 ",
        "-", "@",
        "https://x.example/ ", "javascript:", "\U0001f600",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "https://", "https://x.example/", "a@", "+"])
def test_10000_characters_take_no_time(before: str, part: str) -> None:
    text = (before + part * 10_000)[:10_000]
    began = time.process_time()
    Links(reachable(text))
    assert time.process_time() - began < 2  # a fraction of it, unless it grows with the square
