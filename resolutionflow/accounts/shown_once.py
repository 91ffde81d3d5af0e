"""Values that the page after a form shows once, such as a new token: kept in the session, encrypted, until shown.

With it a form can lead on to a page, as all do, and reloading that page sends nothing again.
"""

from __future__ import annotations

import time
from typing import Any

from resolutionflow.core import encrypted_field
from resolutionflow.web.requests import Request, is_opened

KEPT = "shown_once"
SECONDS = 5 * 60


def keep(request: Request, what: str, **values: Any) -> None:
    """Keep values for the next page that asks for `what`; those kept before are forgotten."""
    request.session[KEPT] = encrypted_field.encrypt({"what": what, "until": time.time() + SECONDS, **values})


def take(request: Request, what: str) -> dict[str, Any]:
    """The values kept for `what`, which are then forgotten. Empty where there are none, they are too old, or the page
    was not opened to be read."""
    if KEPT not in request.session or not is_opened(request):
        return {}
    try:
        kept = encrypted_field.decrypt(request.session.pop(KEPT))
    except encrypted_field.CannotDecrypt:  # its key was changed meanwhile
        return {}
    return kept if kept["what"] == what and time.time() < kept["until"] else {}
