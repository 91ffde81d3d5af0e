"""How a file leaves: a picture made anew may be looked at, anything else is only downloaded and runs nowhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from sessions_app.files import reading

# Over the site's own policy: a file has no script, no style and no picture of its own, and opens no window.
ALONE = "sandbox; default-src 'none'; frame-ancestors 'none'"


def served(file: Any) -> HttpResponse:
    """The bytes of a SessionFile. 404 where they are gone."""
    kind = file.content_type if file.is_picture else "application/octet-stream"
    return _answer(_bytes(file, file.key), kind, file.name, as_attachment=not file.is_picture)


def served_thumbnail(file: Any) -> HttpResponse:
    """A small picture of it. 404 where it is no picture, or the bytes are gone."""
    if not file.is_picture:
        raise Http404
    content = _bytes(file, reading.thumbnail_key(file.key))
    return _answer(content, "image/webp", f"{file.name}.webp", as_attachment=False)


def _bytes(file: Any, key: str) -> bytes:
    if file.removed_at is not None:
        raise Http404
    try:
        with reading.file_storage().open(key) as stored:
            return bytes(stored.read())
    except FileNotFoundError:
        raise Http404 from None


def _answer(content: bytes, content_type: str, name: str, *, as_attachment: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = ALONE
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
