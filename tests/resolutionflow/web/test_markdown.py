"""What people write, as HTML: what of it is Markdown, what stays as it was typed, and where it leads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolutionflow.web import markdown
from resolutionflow.web.markdown import Place
from tests.resolutionflow.web.rendered import Rendered

TICKET = "https://desk.example/Ticket/Display.html?id=48190"
HERE = Place("/sessions/7/", steps=20, messages=5, ticket="48190", ticket_page=TICKET)


def drawn(text: str, place: Place = HERE) -> Rendered:
    rendered = Rendered(markdown.blocks(text, place))
    assert not rendered.wrong
    return rendered


def html(text: str) -> str:
    return markdown.blocks(text, HERE)


# --- Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "**no luck** at all": "<strong>no luck</strong> at all",
        "(**no**, **none**)": "(<strong>no</strong>, <strong>none</strong>)",
        "run `a **b** <c>`": 'run <code dir="ltr">a **b** &lt;c&gt;</code>',
        "(`a`), `b`. `$c`": '(<code dir="ltr">a</code>), <code dir="ltr">b</code>. <code dir="ltr">$c</code>',
        '`"a" b`': '<code dir="ltr">"a" b</code>',
        "``a ` b``": '<code dir="ltr">a ` b</code>',
        "- one\n- two": "<ul><li>one\n</li><li>two</li></ul>",
        "* one\nand more": "<ul><li>one\n</li></ul>and more",
        "- one\n  and more": "<ul><li>one\nand more</li></ul>",
        "- a\n  - b\n- c": "<ul><li>a\n<ul><li>b\n</li></ul></li><li>c</li></ul>",
        "5. x\n7. y": '<ol><li value="5">x\n</li><li value="7">y</li></ol>',
        "- a\n\n- b\n\nc": "<ul><li>a\n\n</li><li>b\n\n</li></ul>c",
        "see:\n```\na  <b>\n  `c\n```\nthat": "see:\n<pre>a  &lt;b&gt;\n  `c</pre>that",
        "```powershell\nGet-Thing\n```": "<pre>Get-Thing</pre>",
        "```\nnever ended\n\n- it is": "<pre>never ended\n\n- it is</pre>",
        "- a\n  ```\n  b\n  ```\n- c": "<ul><li>a\n<pre>b</pre></li><li>c</li></ul>",
    }.items(),
)
def test_markdown_is_rendered(text, expected):
    assert html(text).replace("<pre>\n", "<pre>") == expected


def test_a_fence_loses_nothing_that_is_no_language():
    """Chats take what follows the three marks as output."""
    assert drawn("```Access is denied.\nerror 5\n```").seen == "Access is denied.\nerror 5\n"
    assert drawn("```hostname\nDC01\n```").seen == "hostname\nDC01\n"


AS_TYPED = [
    "- ",
    "\tone tab",
    *r"""
\\fs01\share\new  \*  C:\temp\_x_
__init__.py, _not_, *.log, *this* too, a*b*c
src/**/a/**/b and **/node_modules/** and logs/** or tmp/**
2**8 and 3**9, f(**a, **b), ** no **, ****, ***, **
# of users: 12
## two
> PS C:\> dir
>> more
Title
=====
Title
-----
***
* * *
- - -
---
-
1)  one
05. May
24. 11. 2026
2019. was better
+ 5 users
-5 V
    four blanks
a | b
--|--
[x]: https
[1] and [a](b) and [a][b] and a[0](1) and [INFO](main) ok
<b>bold</b> &amp; &lt; <br> <!-- no -->
a ` b
Get-Thing `
  -X `
$s = "a`tb`r`n" + 'c`td'
Get-ADUser -Filter "Name -like `"*bo*`"" and `"a `b
`$env:X and `$y, `n`r`t, $x=`hostname`
~~~~
+ ~~~~
~~gone~~
![picture](cid:1)
Bob <bob@example.com>
user@host:~$ ls
setup.py run.sh explorer.exe example.com www.example.com //fs01/share ftp://fs01/x file:///etc
:) 8-) <3
a  b   c     d""".strip("\n").splitlines(),
]


@pytest.mark.parametrize("text", AS_TYPED)
def test_what_is_no_markdown_of_ours_stays_as_it_was_typed(text):
    rendered = drawn(f"before\n{text}\nafter")
    assert rendered.seen == f"before\n{text}\nafter"
    assert not rendered.tags
    assert drawn(text).seen == text


def test_a_text_without_markdown_is_the_same_to_the_blank():
    text = "\n".join(line for line in AS_TYPED if "+ " not in line)
    assert drawn(text).seen == text


def test_lines_that_were_added_and_taken_away_keep_their_signs():
    assert drawn("- dns 10.0.0.1\n+ dns 10.0.0.2").seen == "- dns 10.0.0.1\n+ dns 10.0.0.2"


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  - name: web\n    image: nginx\n    ports:\n      - 80\n    args:\n      - -v\n      - all",
        "- hosts: all\n  tasks:\n    - name: restart\n      service: x\n- import_playbook: y.yml",
        "env:\n  - one\n  - two",
        "Temperature:\n- 5 °C",
        "- 0.5\n- 20 %\n- 40dB",
    ],
)
def test_yaml_and_negative_numbers_keep_their_dashes(text):
    rendered = drawn(f"as **here**:\n\n{text}")
    assert rendered.seen == f"as here:\n\n{text}"
    assert rendered.tags == ["strong"]


@pytest.mark.parametrize(
    "text",
    [
        "Tried:\n- a reboot\n- 2 cables",
        "- a: b\n\n- c",
        "- a\n```\n- b: c\n```",
        "1. Router: off\n2. on",
        "Tried:\n\n  - a",
        "- 10.0.0.1 is down",
    ],
)
def test_what_people_list_is_a_list(text):
    assert {"ul", "ol"} & set(drawn(text).tags)


def test_where_lists_have_no_place_they_stay_as_typed():
    text = "**Two**:\n- `a`\n2. b\n```\nc\n```"
    rendered = Rendered(markdown.line(text, HERE))
    assert rendered.tags == ["strong", "code"]
    assert rendered.seen == "Two:\n- a\n2. b\n```\nc\n```"


def test_the_text_of_a_step_has_links_alone():
    rendered = Rendered(markdown.links("**Ran** `x`, see KB5034441\n- https://example.com/a", HERE))
    assert rendered.seen == "**Ran** `x`, see KB5034441\n- https://example.com/a"
    assert set(rendered.links) == {"KB5034441", "https://example.com/a"}


PIECES = ["**", "*", "_", "`", "```", "\n", "\n\n", " ", "  ", "- ", "1. ", "12. ", "  - ", "+ ", "a", "b c", "<i>",
          "&amp;", "\\", "[", "](", ")", "(", "é", "مرحبا", "~", "#", "> ", "!", "…", ":", "\t", ".", "-"]  # fmt: skip


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_nothing_but_marks_is_lost_of_any_text(text):
    """Marks and blanks apart, what is seen is what was typed, in its order."""
    typed, seen = (re.sub(r"[`*\s-]", "", one) for one in (text, drawn(text).seen))
    assert seen == typed


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_nothing_is_lost_of_whatever_letters(text):
    typed, seen = (re.sub(r"[`*\s\0\ufffd]", "", one) for one in (text, drawn(text).seen))
    assert seen == typed


def test_lists_in_lists_end_somewhere_and_lose_nothing():
    text = "\n".join("  " * depth + f"- a{depth}" for depth in range(60))
    assert re.findall(r"a\d+", drawn(text).seen) == re.findall(r"a\d+", text)


# --- links ---------------------------------------------------------------------------------------

LEADS = {
    "see https://example.com/a_(b), then": ("https://example.com/a_(b)", "https://example.com/a_(b)"),
    "HTTP://Example.com/A.": ("HTTP://Example.com/A", "HTTP://Example.com/A"),
    "(http://fs01:8080/x?a=1&b=%20)": ("http://fs01:8080/x?a=1&b=%20", "http://fs01:8080/x?a=1&b=%20"),
    "https://bücher.example/ä": ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
    "<https://example.com/>": ("https://example.com/", "https://example.com/"),
    "[the page](https://example.com/x)": ("the page", "https://example.com/x"),
    "[Bob](mailto:bob@example.com)": ("Bob", "mailto:bob@example.com"),
    "CVE-2024-12345.": ("CVE-2024-12345", "https://www.cve.org/CVERecord?id=CVE-2024-12345"),
    "cve-2021-44228": ("cve-2021-44228", "https://www.cve.org/CVERecord?id=CVE-2021-44228"),
    "removed KB5034441,": ("KB5034441", "https://support.microsoft.com/help/5034441"),
    "as in session 12.": ("session 12", "/sessions/12/"),
    "(Session #12)": ("Session #12", "/sessions/12/"),
    "#48190": ("#48190", TICKET),
    "Ticket 48190 says": ("Ticket 48190", TICKET),
    "ticket #48190:": ("ticket #48190", TICKET),
    "as s12 says": ("s12", "/sessions/7/?at=s12#s12"),
    "see: s12 says": ("s12", "/sessions/7/?at=s12#s12"),
    "(m5)": ("m5", "/sessions/7/?at=m5#m5"),
}


@pytest.mark.parametrize(("text", "link"), LEADS.items())
def test_addresses_and_numbers_lead_somewhere(text, link):
    assert drawn(text).links == dict([link])
    assert (
        Rendered(markdown.links(f"x\n{text}", HERE)).links == (dict([link]) if "[" not in text else {}) or "[" in text
    )


@pytest.mark.parametrize(
    "text",
    [
        *("session 12:30", "session 2026-11-24", "RDP session 3", "terminal session 1", "sessions 12", "session 012"),
        *("tsdiscon session 2", "reset session 4", "query session 3", "Teams session 5"),
        *("SQL session 12", "backup session 3", "a Galaxy s12", "galaxy s9"),
        *("fe80::s5", "1:s5", "x:#48190"),
        *("session 1\u0662", "session \u0661", "s1\u0662", "CVE-2024-\u0661\u0662\u0663\u0664"),
        *("windows10.0-kb5034441-x64.msu", "KB5034441.msu", "KB12", "KB0012345", "xCVE-2024-12345", "CVE-2024-1"),
        *("#48191", "ticket 4819", "#481900", "a#48190", "#48190-1", "ticket 48190…"),
        *("s21", "m6", "M5", "S12", "s12.5", "as12", "s12-300", "m2", "s3", "m.2", "m3", "s0", "s012"),
        *("session 12…", "CVE-2024-12345…", "https://exam…", "https://example.com/abc…", "[a](https://exam…)"),
        *("https://bank.example@evil.example/", "https://user:secret@host.example/", "https://", "http:///x"),
        *("example.com", "bob@example.com", "mailto:bob@example.com", "ftp://example.com", "`https://example.com`"),
        *("```\nhttps://example.com #48190\n```", "tel:+4712345678", "\\\\fs01\\KB5034441"),
    ],
)
def test_what_looks_like_one_and_is_none_is_no_link(text):
    assert not drawn(text).links


def test_the_ticket_is_a_link_only_where_it_has_a_page():
    assert not drawn("#48190", Place("/sessions/7/", ticket="48190")).links
    assert not drawn("#48190", Place("/sessions/7/", ticket="48190", ticket_page="javascript:alert(1)")).links
    named = Place("/sessions/7/", ticket="INC.(12)%", ticket_page=TICKET)
    assert drawn("see #INC.(12)% there", named).links == {"#INC.(12)%": TICKET}


def test_a_link_does_not_say_that_it_leads_elsewhere_than_it_does():
    shown = drawn("[https://bank.example](https://evil.example) [www.bank.example](https://evil.example)")
    assert shown.links == {
        "https://bank.example": "https://bank.example",
        "https://evil.example": "https://evil.example",
    }


@pytest.mark.parametrize(
    "named", ["good.example", "**Good.example**", "`good.example/login`", "good.example.", "10.0.0.1"]
)
def test_a_link_that_is_named_as_a_host_leads_there(named):
    evil = "https://evil.example/?good.example"
    assert drawn(f"[{named}]({evil})").links == {evil: evil}
    own = f"https://{named.strip('`*.').split('/')[0]}/x"
    assert drawn(f"[{named}]({own})").links == {named.strip("`*"): own}


def test_a_link_may_be_named_after_a_version():
    assert drawn("[v1.2.3](https://example.com/)").links == {"v1.2.3": "https://example.com/"}


def test_only_what_leads_out_opens_a_tab_of_its_own():
    assert html("https://example.com session 7 s1").count('target="_blank"') == 1
