"""HTML of what people write, taken apart as a browser does: what is seen of it, where it leads, what it is made of."""

from __future__ import annotations

from html.parser import HTMLParser

ALLOWED = {
    "a": {"href", "target", "rel"},
    "bdi": {"data-people"},
    "code": {"dir"},
    "li": {"value"},
    "ol": set(),
    "pre": set(),
    "strong": set(),
    "ul": set(),
}
REL = "noopener noreferrer nofollow"
SCHEMES = ("https://", "http://", "mailto:", "/sessions/")


class Rendered(HTMLParser):
    """`seen`: the text, with a list's marks as they are drawn; `links`: where to, by what is seen of it; `tags`; and
    `wrong`: what should not be there."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen, self.tags, self.wrong = "", list[str](), list[str]()
        self.links, self.open = dict[str, str](), list[tuple[str, int, dict[str, str | None]]]()
        self.feed(html)
        self.close()
        self.wrong += [f"<{name}> is open" for name, _, _ in self.open]

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in ALLOWED or set(found) - ALLOWED.get(tag, set()):
            self.wrong.append(f"<{tag} {found}>")
        if tag == "a" and (not (found.get("href") or "").lower().startswith(SCHEMES) or found.get("rel") != REL):
            self.wrong.append(f"a link: {found}")
        if tag == "li":
            self.seen += f"{found['value']}. " if "value" in found else "- "
        self.tags.append(tag)
        self.open.append((tag, len(self.seen), found))

    def handle_endtag(self, tag):
        name, start, found = self.open.pop() if self.open else ("", 0, {})
        if name != tag:
            self.wrong.append(f"</{tag}> ends <{name}>")
        if tag == "a":
            self.links[self.seen[start:]] = found.get("href") or ""
        if tag in ("li", "pre") and not self.seen.endswith("\n"):
            self.seen += "\n"

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "pre" and len(self.seen) == self.open[-1][1]:
            data = data.removeprefix("\n")  # a browser drops it
        self.seen += data

    def handle_comment(self, data):
        self.wrong.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.wrong.append(f"<!{decl}>")

    def handle_pi(self, data):
        self.wrong.append(f"<?{data}>")
