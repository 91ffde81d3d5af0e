"""`Idempotency-Key`: the same request sent twice is done once, and answered alike for 24 hours.

The key's row is written first, in the transaction of the verb. A second request with the key waits
on it (PostgreSQL) or for the whole transaction (SQLite) and then finds the answer. A crash rolls
both back, so that nothing stays half done; an answer 5xx is an exception here and is not kept. Neither is an
answer with Retry-After, such as `busy`: it says nothing of the request, which is done when it is sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from resolutionflow.accounts.models import IdempotencyKey
from resolutionflow.api.parsers import ExactJson
from resolutionflow.core.refusals import Refusal
from resolutionflow.core.verbs import verb

KEPT_FOR = timedelta(hours=24)
LONGEST = 200


class KeyMismatch(Refusal):
    """The key was used for another request."""

    code = "idempotency_mismatch"


def answer_once(request: Request, key: str, answer: Callable[[], Response]) -> Response:
    """The first answer to this key; `answer()` makes it if there is none yet."""
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise ParseError(f"An Idempotency-Key has 1 to {LONGEST} printable characters.")
    return _answer_once(request, key, _request_digest(request), answer)


@verb
def _answer_once(request: Request, key: str, digest: str, answer: Callable[[], Response]) -> Response:
    user_id = cast(int, request.user.pk)
    row = IdempotencyKey(user_id=user_id, key=key, digest=digest)
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    kept = IdempotencyKey.objects.select_for_update().get(user_id=user_id, key=key)
    is_new, is_old = kept.status is None, kept.created_at < timezone.now() - KEPT_FOR
    if not is_new and not is_old:
        return _kept_answer(kept, digest)
    response = answer()
    if response.has_header("Retry-After"):
        if is_new:  # an old one stays: whoever waits for its lock wants to find it
            kept.delete()
        return response
    kept.digest, kept.status, kept.created_at = digest, response.status_code, timezone.now()
    kept.body = ExactJson().render(response.data).decode()
    kept.save()
    return response


def _kept_answer(kept: IdempotencyKey, digest: str) -> Response:
    if kept.digest != digest:
        raise KeyMismatch("This Idempotency-Key was used for another request. Use a new one.")
    return Response(json.loads(kept.body), status=kept.status, headers={"Idempotency-Replayed": "true"})


def _request_digest(request: Request) -> str:
    """A hash of method, address and fields, by which two requests are the same."""
    sent = json.dumps([request.method, request.get_full_path(), request.data], sort_keys=True, default=_file_digest)
    return hashlib.sha256(sent.encode()).hexdigest()


def _file_digest(sent: Any) -> str:
    """The name and a hash of a file."""
    if not isinstance(sent, UploadedFile):
        raise TypeError(f"{type(sent).__name__} is no part of a request")
    sent.seek(0)
    return f"{sent.name} {hashlib.file_digest(sent, 'sha256').hexdigest()}"
