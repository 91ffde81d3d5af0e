"""The one way to a language model: one question, one JSON answer, within a time limit of our own.

No tools, no browsing, no history: what comes back is text for people, and decides nothing.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from typing import Any, NoReturn

import anthropic
import httpx2
from anthropic.types import Message
from django.conf import settings

from resolutionflow.core import outside_calls
from resolutionflow.core.work import GiveUp, Later

LONGEST_WAIT = 300  # seconds; asked to wait longer than this, we say so and stop

_WILL_NEVER_WORK = {
    400: "The model refused the request.",
    401: "The AI key is not valid.",
    402: "The AI account cannot be billed.",
    403: "The AI key may not use this model.",
    404: "The AI does not know this model.",
    413: "The session is too long for the model.",
}
_STOPPED = {
    "refusal": "The model declined to read this session.",
    "max_tokens": "The model's answer was cut off.",
    "model_context_window_exceeded": "The session is too long for the model.",
}


@dataclass(frozen=True)
class ModelAnswer:
    """The model's answer, parsed; which model gave it, the id of the request, and the tokens that are paid for."""

    data: dict[str, Any]
    model: str
    request_id: str
    tokens_read: int
    tokens_written: int


@outside_calls.outside_call()
def ask(*, system: str, content: str, schema: dict[str, Any], max_tokens: int = 2000) -> ModelAnswer:
    """Ask once. Raises GiveUp where asking again is pointless, Later where it is not.

    `schema` is a JSON schema the answer keeps (constrained decoding); the caller still checks it.
    The read timeout of HTTP is per read, so a dripping server would outlast it: hence a limit of our own.
    """
    client = anthropic.Anthropic(
        api_key=settings.ANTHROPIC_API_KEY,
        base_url=settings.ANTHROPIC_BASE_URL,
        max_retries=0,  # the Work row retries; the SDK would sleep in the worker for any Retry-After
        timeout=httpx2.Timeout(settings.AI_TIMEOUT_SECONDS, connect=5),
    )
    pool = ThreadPoolExecutor(1)
    try:
        call = pool.submit(_create, client, system, content, schema, max_tokens)
        return _checked_answer(call.result(timeout=settings.AI_TIMEOUT_SECONDS))
    except TooSlow:
        raise Later(f"The model did not answer within {settings.AI_TIMEOUT_SECONDS} seconds.") from None
    finally:
        client.close()  # ends a call that is still dripping, and its thread with it
        pool.shutdown(wait=False)


def _create(client: anthropic.Anthropic, system: str, content: str, schema: dict[str, Any], max_tokens: int) -> Message:
    try:
        return client.messages.create(
            model=settings.ANTHROPIC_MODEL,
            max_tokens=max_tokens,
            system=system,
            messages=[{"role": "user", "content": content}],
            output_config={"format": {"type": "json_schema", "schema": schema}},
        )
    except anthropic.APIStatusError as error:
        _explained(error)
    except anthropic.APITimeoutError:
        raise Later(f"The model did not answer within {settings.AI_TIMEOUT_SECONDS} seconds.") from None
    except (anthropic.APIConnectionError, httpx2.HTTPError):
        raise Later("The connection to the AI was lost.") from None
    except json.JSONDecodeError:
        raise Later("The AI's answer could not be read.") from None


def _explained(error: anthropic.APIStatusError) -> NoReturn:
    if getattr(error, "error_code", None) == "enforced_spend_limit_reached":
        raise GiveUp("The AI's spend limit is reached.")
    if error.status_code in _WILL_NEVER_WORK:
        raise GiveUp(_WILL_NEVER_WORK[error.status_code])
    wait = _retry_after(error.response.headers.get("retry-after", ""))
    if wait > LONGEST_WAIT:
        raise GiveUp(f"The AI is busy and asks to wait {round(wait / 60)} minutes.")
    busy = error.status_code in (429, 529, 503)
    raise Later("The AI is busy." if busy else f"The AI failed ({error.status_code}).", after=wait)


def _retry_after(header: str) -> float:
    try:
        return max(0.0, float(header))
    except ValueError:
        return 0.0


def _checked_answer(message: Message) -> ModelAnswer:
    """The answer, parsed. The stop reason is looked at first: a refused or cut answer does not follow the schema."""
    if not isinstance(message, Message):  # 200 with HTML: the SDK hands back a string
        raise Later("The AI's answer could not be read.")
    if message.stop_reason != "end_turn":
        raise GiveUp(_STOPPED.get(str(message.stop_reason), f"The model stopped early ({message.stop_reason})."))
    text = "".join(block.text for block in message.content if block.type == "text")
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        raise Later("The AI's answer was not the JSON it was asked for.") from None
    if not isinstance(data, dict):
        raise Later("The AI's answer was not the JSON it was asked for.")
    used = message.usage
    return ModelAnswer(data, message.model, message._request_id or "", used.input_tokens, used.output_tokens)
