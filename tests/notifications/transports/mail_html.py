"""Reads the HTML of a mail as strictly as no mail program does."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br"}
UNSEEN = {"style", "title"}
KNOWN = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "h1", "h2", "p", "a", "span", "br",
    "strong", "pre",
}  # fmt: skip


class MailHtml(HTMLParser):
    """`seen`: its text; `links`: where it leads; `tags`: all that begin. Raises where a tag is not closed, is closed in
    another order, or is none that mails are made of."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen, self.preview = "", ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"{self._open} are not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN, f"<{tag}> is not among {sorted(KNOWN)}"
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), f"<{tag}> says something twice: {attrs}"
        self.tags.append(tag)
        self.attributes += given.items()
        if tag == "a":
            self.links.append(given["href"])
        if tag not in VOID:
            hidden = "display:none" in given.get("style", "") or tag in UNSEEN
            self._open.append((tag, hidden or any(unseen for _tag, unseen in self._open)))
        if tag in ("br", "p", "td", "tr", "h1", "h2", "div", "pre"):
            self.seen += "\n"

    def handle_endtag(self, tag: str) -> None:
        assert [tag] == [name for name, _hidden in self._open[-1:]], f"</{tag}> at {self.getpos()}: {self._open[-1:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        tag, hidden = self._open[-1] if self._open else ("", True)
        if not hidden:
            self.seen += data.replace("\xa0", " ")
        elif tag == "div":
            self.preview += data.replace("\xa0", "").replace("\u200c", "")

    @property
    def words(self) -> list[str]:
        return self.seen.split()
