"""What people write, as HTML: fences, `code`, **bold**, lists and links out of Markdown, whom it names, and addresses
and numbers that lead somewhere.

What else Markdown knows stays as it was typed, for it is what technicians write about: UNC paths, __init__, *.log, a
prompt's > and columns. A mark holds within its line, so that a lone ` at the end of one takes nothing with it. Line
ends and blanks are those of the text: it is shown where white space is kept (`white-space: pre-wrap`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import nh3
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import make_fence_rule
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, backtick, link
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from resolutionflow.web.named import Named, mark_names, signed, signs_in, unsigned

DEEPEST = 6  # lists in each other; deeper ones stay as typed
LONGEST = 2_000  # characters of an address
NUMBERS = 200  # links of numbers in a text; a page of more of them is heavy, and nobody follows them

# What a text must have somewhere for anything of it to be more than text. Most have nothing of it.
_TELLING = re.compile(
    r"`|\*\*|://|\]\(mailto:|^[ \t]*(?:[-*]|\d{1,3}\.)[ \t]|cve-|kb\d|session|ticket|\#|\b[sm]\d", re.M | re.I
)


@dataclass(frozen=True)
class Place:
    """Where a text stands, as far as its links need to know: the address of its session, how many steps and messages
    that has, its ticket and the ticket's page (empty: no link); whether it goes on in a line; and whom it names."""

    session: str = ""
    steps: int = 0
    messages: int = 0
    ticket: str = ""
    ticket_page: str = ""
    goes_on: bool = False
    names: tuple[Named, ...] = ()


def is_plain(text: str) -> bool:
    """Whether nothing in it can be Markdown or a link."""
    return not _TELLING.search(text)


def blocks(text: str, place: Place) -> SafeString:
    """All of it, to stand in an element that may hold lists and blocks of code."""
    return _rendered(_BLOCKS, text, place)


def line(text: str, place: Place) -> SafeString:
    """Without lists and blocks, which stay as typed: to stand inside a sentence or where lines are counted."""
    return _rendered(_LINE, text, place)


def links(text: str, place: Place) -> SafeString:
    """As it was typed, with links alone."""
    return _rendered(_LINKS, text, place)


def outside_code(text: str, names: Sequence[Named]) -> list[Named]:
    """Those of these names that are in no `code` and no fence."""
    tokens = _BLOCKS.parse(signed(text, names), _env(text, Place()))
    children = (child for token in tokens for child in token.children or ())
    return [names[number] for number in signs_in("".join(one.content for one in children if one.type == "text"))]


def _rendered(parser: MarkdownIt, text: str, place: Place) -> SafeString:
    if is_plain(text) and not place.names:
        return SafeString(escape(text))
    return SafeString(_clean(unsigned(parser.render(signed(text, place.names), _env(text, place)))))


def _env(text: str, place: Place) -> dict[str, Any]:
    return {"place": place, "typed": text, "dashes": _other_dashes(text)}


def _clean(html: str) -> str:
    return _LEADS_NOWHERE.sub(r"\1", _CLEANER.clean(html))


# The second fence: the parser writes nothing else, whatever it is given.
_CLEANER = nh3.Cleaner(
    tags={"a", "bdi", "code", "li", "ol", "pre", "strong", "ul"},
    attributes={"a": {"href"}, "bdi": {"data-people"}, "li": {"value"}},
    tag_attribute_values={"a": {"target": {"_blank"}}, "code": {"dir": {"ltr"}}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)
_LEADS_NOWHERE = re.compile(r"<a (?!href)[^>]*>(.*?)</a>", re.S)  # whose address it took away


# --- lines ---------------------------------------------------------------------------------------

# A list, where something follows the mark, and not another mark: "- - -" is a rule, "24. 11. 2026" a date. 05. and 5)
# would be shown as 5.
_ITEM = re.compile(r"(?:[-*]|0\.|[1-9]\d{0,2}\.)[ \t]+(?!(?:[-+*]|\d+[.)])(?:[ \t]|$))\S", re.M)
_ADDED = re.compile(r"^[ \t]*\+[ \t]", re.M)
# As in YAML: a key after the dash, or a line that ends in : above it; or a minus before a number.
_NO_ITEM = re.compile(
    r"""^[ \t]*-[ \t]+(?:[\w."'/-]+:(?:[ \t]|$)|\d+(?:[.,]\d+)?[ ]?(?:[°%€$£]\w{0,3}|[^\W\d_]{1,3})?[ \t]*$)
    |:[ \t]*\n[ \t]+-[ \t]""",
    re.M | re.X,
)
_PARTS = re.compile(r"[ \t]*(?:```|$)")
_FENCE = "```"


def _text_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Takes a line that begins nothing else."""
    at = state.bMarks[start] + state.tShift[start]
    is_item = bool(_ITEM.match(state.src, at)) and not (state.src[at] == "-" and start in state.env["dashes"])
    is_item = is_item and (start > 0 or not state.env["place"].goes_on)
    if state.level < 2 * DEEPEST and (is_item or state.src.startswith(_FENCE, at)):
        return False
    return silent or _any_line(state, start, end, silent)


def _other_dashes(text: str) -> Container[int]:
    """The lines in which a dash begins no item: all where lines are added and taken away (+ and -), else those of each
    paragraph in which one means something else."""
    lines, found, start = text.split("\n"), set[int](), 0
    if _ADDED.search(text):
        return range(len(lines))
    for number, line in enumerate([*lines, ""]):
        if _PARTS.match(line):
            found.update(range(start, number) if _NO_ITEM.search("\n".join(lines[start:number])) else ())
            start = number + 1
    return found


def _any_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent:
        return False
    state.line = start + 1
    token = state.push("inline", "", 0)
    token.content = state.getLines(start, start + 1, state.blkIndent, False)
    token.map, token.children = [start, start + 1], []
    return True


def _line_ends(state: StateCore) -> None:
    """Gives each line the line ends that stood between it and the next, but that of a block, which breaks by itself."""
    last, at = None, 0
    for token in state.tokens:
        if token.type not in ("inline", "fence"):
            continue
        start, end = token.map or (0, 0)
        if last and last.children is not None:
            last.children.append(_text("\n" * (start - at + 1)))
        elif last and token.children is not None:
            token.children.insert(0, _text("\n" * (start - at)))
        last, at = token, end


def _text(content: str, level: int = 0) -> Token:
    return Token("text", "", 0, content=content, level=level)


# --- marks in a line -----------------------------------------------------------------------------

_ADDRESS = r"(?:https?://|mailto:)[^\s<>\[\]…]+"
_LINK = re.compile(rf"(?<!!)\[([^\[\]]++)\]\(<?({_ADDRESS})>?\)", re.I)
_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[^\W\d_][\w-]+|(?:\d+\.){3}\d+)(?:[:/?#].*)?", re.I)
_AUTOLINK = re.compile(r"<https?://[^\s<>]+>", re.I)


def _link(state: StateInline, silent: bool) -> bool:
    """[text](address); as typed where the text is an address itself, or a host that is not the address's: it might be
    another."""
    found = _LINK.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    return found is not None and _may_be_named(found[1], found[2]) and link(state, silent)


def _may_be_named(text: str, address: str) -> bool:
    host, own = _HOST.fullmatch(text.strip("`*'\".,; \t")), _HOST.fullmatch(address)
    is_own = not host or (own is not None and own[1].lower() == host[1].lower())
    return is_own and bool(text.strip()) and "://" not in text and "www." not in text.lower()


def _autolink(state: StateInline, silent: bool) -> bool:
    is_one = state.src[state.pos] == "<" and _AUTOLINK.match(state.src, state.pos, state.posMax)
    return bool(is_one) and autolink(state, silent)


_TICKS = re.compile(r"`+")
_OPENS_CODE = re.compile(r"(?<![\w\"'$=])`")
_CLOSES_CODE = re.compile(r"(?<=`)(?![\w\"$])")


def _code(state: StateInline, silent: bool) -> bool:
    """`code`; what PowerShell escapes is left alone: "a`tb`r`n", -like `"*bo*`", `$x and `$y."""
    at, ticks = state.pos, _TICKS.match(state.src, state.pos, state.posMax)
    if not ticks:
        return False
    backtick(state, True)
    end, state.pos = state.pos, at
    content = state.src[ticks.end() : end - len(ticks[0])]
    is_quote_begun = content.startswith('"') and content.count('"') % 2
    if content and not is_quote_begun and _OPENS_CODE.match(state.src, at) and _CLOSES_CODE.match(state.src, end):
        return backtick(state, silent)
    state.pending += "" if silent else ticks[0]
    state.pos = ticks.end()
    return True


_OPENS = re.compile(r"(?<![\w*/\\])\*\*(?![\s*/\\.,;:)\]])")
_CLOSES = re.compile(r"(?<![\s*/\\(\[])\*\*(?![\w*/\\])")


def _bold(state: StateInline, silent: bool) -> bool:
    """** around words; src/**/a/**/b, 2**8 and f(**kwargs) are left alone. What belongs together the library finds."""
    if silent or not state.src.startswith("**", state.pos):
        return False
    opens, closes = (bool(mark.match(state.src, state.pos)) for mark in (_OPENS, _CLOSES))
    if not opens and not closes:
        return False
    for _ in range(2):
        state.push("text", "", 0).content = "*"
        star = Delimiter(ord("*"), length=2, token=len(state.tokens) - 1, end=-1, open=opens, close=closes)
        state.delimiters.append(star)
    state.pos += 2
    return True


# --- links ---------------------------------------------------------------------------------------

_WEB = re.compile(  # no name or password in front of a host, and nothing else that is none
    r"https?://(?:\w[\w.-]*|\[[\da-f:.]+\])(?::\d{1,5})?(?:[/?#]|$)|mailto:[^/?#]+$", re.I | re.A
)
_CUT = "…"  # where a text was cut, an address may be, too: it would lead elsewhere

_TYPED = LinkifyIt()


def _length_of_address(_: LinkifyIt, text: str, at: int) -> int:
    """What follows http: as far as it is an address. So much is read for each: in a text of one long word of them, all
    to its end would take too long."""
    rest = text[at : at + LONGEST]
    length: int = _TYPED.test_schema_at(rest, "http:", 0)
    return length if length < LONGEST else 0


_ADDRESSES = LinkifyIt(
    {"http:": {"validate": _length_of_address}, "ftp:": None, "//": None, "mailto:": None},
    {"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False},
)

_AFTER = r"(?![\w…-]|[.:,]\w)"  # not a part of a file's name, a time or a number, nor cut off
_NUMBERS = rf"""
    (?<![\w/\\.@=:-])(?:
        (?P<cve>(?i:CVE)-[0-9]{{4}}-[0-9]{{4,7}}){_AFTER}
        | (?P<kb>(?i:KB)[1-9][0-9]{{5,6}}){_AFTER}
        | (?P<of_windows>(?i:rdp|rds|ts|ssh|vpn|ica|citrix|terminal|console|user|logon|windows|teams|query|reset
            |shadow|tscon|tsdiscon|rwinsta|sql|db|bgp|sip|ftp|smb|tcp|backup|remote|veeam|tmux|screen)[ ])?
          (?P<session>(?i:session)[ ](?P<hash>\#)?(?P<number>[1-9][0-9]{{0,8}})){_AFTER}
        | (?<!(?i:galaxy)[ ])(?P<ref>(?!m[1-4]\b|s[34]\b)[sm][1-9][0-9]{{0,5}}){_AFTER}
        | (?P<ticket>(?:(?i:ticket)[ ]\#?|\#)%s){_AFTER}
    )
"""  # M.2, the Apple M1 to M4, Amazon's S3 and SAP's S/4 are often written small


@lru_cache(maxsize=1000)
def _numbers(ticket: str) -> re.Pattern[str]:
    return re.compile(_NUMBERS % (re.escape(ticket) if ticket else "(?!)"), re.X)


def _number_links(state: StateCore) -> None:
    """Links of the numbers in what is neither code nor a link yet."""
    place: Place = state.env["place"]
    left = NUMBERS
    for token in state.tokens:
        inside, children = 0, list[Token]()
        for child in token.children or ():
            inside += child.nesting if child.tag == "a" else 0
            if child.content.startswith(_CUT) and children and children[-1].markup == "linkify":
                children[-3:] = [_text(children[-2].content, child.level)]
            parts = [child] if inside or child.type != "text" else [*_linked(child, place, left)]
            children += parts
            left -= len(parts) // 4  # of which each is, with the text before it
        token.children = children if token.children is not None else None


def _linked(token: Token, place: Place, most: int) -> Iterator[Token]:
    at = 0
    for found in _numbers(place.ticket if place.ticket_page else "").finditer(token.content):
        if not most:
            break
        if not (address := _address(found, place)):
            continue
        most -= 1
        name = str(found.lastgroup)
        yield _text(token.content[at : found.start(name)], token.level)
        yield Token("link_open", "a", 1, attrs={"href": address}, level=token.level)
        yield _text(found[name], token.level + 1)
        yield Token("link_close", "a", -1, level=token.level)
        at = found.end(name)
    yield _text(token.content[at:], token.level)


def _address(found: re.Match[str], place: Place) -> str:
    if found["cve"]:
        return f"https://www.cve.org/CVERecord?id={found['cve'].upper()}"
    if found["kb"]:
        return f"https://support.microsoft.com/help/{found['kb'][2:]}"
    if found["session"]:
        is_ours = found["hash"] or not found["of_windows"]
        return reverse("session", args=[found["number"]]) if is_ours else ""
    if found["ref"]:
        there = place.steps if found["ref"][0] == "s" else place.messages
        ref = found["ref"]
        return f"{place.session}?at={ref}#{ref}" if place.session and int(ref[1:]) <= there else ""
    return place.ticket_page if _WEB.match(place.ticket_page) else ""


# --- HTML ----------------------------------------------------------------------------------------

# Named at the beginning of a fence, these say what is in it; any other word there belongs to it.
_LANGUAGES = re.compile(
    r"""\s*(?:bash|bat|batch|c|cmd|conf|console|cpp|cs|csharp|css|csv|diff|dos|go|hcl|html|http|ini|java|javascript|js
    |jsonc?|kql|log|lua|markdown|md|nginx|output|perl|php|plain|plaintext|posh|powershell|properties|ps1?|pwsh|py|python
    |r|reg|regex|ruby|rust|sh|shell|sql|ssh|swift|terraform|te?xt|toml|tsx?|tsql|typescript|vb|vbs|vbscript|xml|ya?ml
    |zsh)?\s*""",
    re.X | re.I,
)


class _Renderer(RendererHTML):
    """Writes no line ends of its own: they would show."""

    def renderToken(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        if token.type == "list_item_open" and token.info:
            token.attrs = {"value": token.info}
        elif token.type == "ordered_list_open":
            token.attrs = {}
        elif token.type == "link_open" and str(token.attrs["href"])[:4].lower() == "http":
            token.attrSet("target", "_blank")
        return f"<{'/' if token.nesting < 0 else ''}{token.tag}{self.renderAttrs(token)}>"

    def code_inline(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        return f'<code dir="ltr">{escape(tokens[idx].content)}</code>'

    def fence(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        said, content = tokens[idx].info, tokens[idx].content
        content = content if _LANGUAGES.fullmatch(said) else f"{said}\n{content}"
        return f"<pre>\n{escape(content.removesuffix(chr(10)))}</pre>"


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return bool(_WEB.match(url)) and not url.endswith(quote(_CUT))

    def normalizeLink(self, url: str) -> str:
        return super().normalizeLink(unsigned(url))

    def normalizeLinkText(self, link: str) -> str:
        """An address is shown as it was typed."""
        return link


def _parser(*, block: tuple[str, ...] = (), inline: tuple[str, ...] = ()) -> MarkdownIt:
    parser = _Markdown("zero", {"linkify": True}, renderer_cls=_Renderer)
    parser.block.ruler.at("fence", make_fence_rule(markers=("`",)), {"alt": ["list"]})
    parser.block.ruler.before("fence", "text_line", _text_line, {"alt": ["list"]})
    parser.block.ruler.at("paragraph", _any_line)
    parser.inline.ruler.at("backticks", _code)
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.at("autolink", _autolink)
    parser.inline.ruler.at("emphasis", _bold)
    parser.core.ruler.push("numbers", _number_links)
    parser.core.ruler.push("names", mark_names)
    parser.core.ruler.push("line_ends", _line_ends)
    parser.enable(["linkify", *block, *inline])
    parser.inline.ruler.disable("linkify", True)
    parser.linkify = _ADDRESSES
    return parser


_MARKS = ("backticks", "emphasis", "link", "autolink")
_BLOCKS = _parser(block=("fence", "list"), inline=_MARKS)
_LINE = _parser(inline=_MARKS)
_LINKS = _parser()
