"""What the page after a form shows once: it waits in the session, encrypted, and is gone when it was shown.

So that a form can lead on to a page as all do: reading that page again sends nothing again.
"""

from __future__ import annotations

import time
from typing import Any

from resolutionflow.core import encrypted_field
from resolutionflow.web.requests import Request, is_opened

KEPT = "shown_once"
SECONDS = 5 * 60


def keep(request: Request, what: str, **values: Any) -> None:
    """For the next page that asks for `what`; something kept before is forgotten."""
    request.session[KEPT] = encrypted_field.encrypt({"what": what, "until": time.time() + SECONDS, **values})


def take(request: Request, what: str) -> dict[str, Any]:
    """What was kept, for who opens the page to read it; empty when there is nothing, or it is too old."""
    if KEPT not in request.session or not is_opened(request):
        return {}
    try:
        kept = encrypted_field.decrypt(request.session.pop(KEPT))
    except encrypted_field.CannotDecrypt:  # its key was changed meanwhile
        return {}
    return kept if kept["what"] == what and time.time() < kept["until"] else {}
