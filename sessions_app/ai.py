"""The one way to a language model: one question about a session, one JSON answer, within a time limit of our own.

No tools, no browsing, no history: what comes back is text for people, and decides nothing. Every call is kept as an
AiCall, with what it took, and counts towards the account's budget.
"""

from __future__ import annotations

import json
import math
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

import anthropic
import httpx2
from anthropic.types import Message, MessageParam, TextBlockParam
from django.conf import settings

from resolutionflow.accounts.models import Account
from resolutionflow.core import clock, outside_calls
from resolutionflow.core.redaction import redact
from resolutionflow.core.text import clean, cut
from resolutionflow.core.work import GiveUp, Later, NeedsSomebody
from sessions_app.ai_words import LATER, PROBLEMS, used_up
from sessions_app.models import AiCall, Session
from sessions_app.models.ai_call import budget_is_used_up, next_month_of

LONGEST_WAIT = 300  # seconds; asked to wait longer than this, we say so and stop
LONGEST_KEPT_TO = 86_400  # … and ask again by ourselves once it has passed, or this
LONGEST_ANSWER = 20_000  # characters that are kept of an answer

Outcome = AiCall.Outcome
_BY_STATUS = {
    400: Outcome.BAD_REQUEST,
    401: Outcome.BAD_KEY,
    402: Outcome.NO_CREDIT,
    403: Outcome.NOT_ALLOWED,
    404: Outcome.UNKNOWN_MODEL,
    413: Outcome.TOO_LONG,
    429: Outcome.OVER_LIMIT,
    503: Outcome.OVER_LIMIT,
    529: Outcome.OVER_LIMIT,
}
_BY_STOP_REASON = {
    "refusal": Outcome.DECLINED,
    "max_tokens": Outcome.CUT_OFF,
    "model_context_window_exceeded": Outcome.TOO_LONG,
}
# Asking again, or about another session, may well work; the others wait for somebody to set something right.
_PASSES = {Outcome.UNREADABLE, Outcome.OVER_LIMIT, Outcome.FAILED, Outcome.TIMED_OUT, Outcome.UNREACHABLE}
_OF_THIS_SESSION = {Outcome.DECLINED, Outcome.CUT_OFF, Outcome.TOO_LONG}


@dataclass(frozen=True)
class Question:
    """What is asked about a session. `system` and `record` repeat from call to call, so the provider may cache them;
    `schema` is a JSON schema the answer keeps (constrained decoding); the caller still checks it."""

    session: Session
    purpose: AiCall.Purpose
    version: str  # of the prompt
    system: str
    record: str
    task: str
    schema: dict[str, Any]
    max_tokens: int = 2000


@dataclass(frozen=True)
class ModelAnswer:
    """The model's answer, parsed, and the call that gave it."""

    data: dict[str, Any]
    call: AiCall


class _Failed(Exception):
    """A call that gave nothing of use; `message` is what came, where something did."""

    def __init__(
        self,
        outcome: AiCall.Outcome,
        words: str = "",
        *,
        after: float = 0,
        message: Message | None = None,
        error: anthropic.APIStatusError | None = None,
    ) -> None:
        super().__init__(words or PROBLEMS[outcome])
        self.outcome, self.after, self.message, self.error = outcome, after, message, error


def ask(question: Question) -> ModelAnswer:
    """Ask once. Raises Later where it may work if asked again, GiveUp where it never will, and NeedsSomebody where it
    will once somebody has set something right. Outside any transaction."""
    account = Account.objects.get(pk=question.session.account_id)
    if budget_is_used_up(account):
        raise NeedsSomebody(used_up(account), works_from=next_month_of(account, clock.now()))
    began = time.monotonic()
    model = account.ai_model if account.ai_model in settings.ANTHROPIC_MODELS else settings.ANTHROPIC_MODEL
    instructions = redact(account.ai_instructions)  # checked when they were written; rules have grown since
    asked = {"system": question.system, "instructions": instructions}
    asked |= {"record": question.record, "task": question.task}

    def keep(outcome: AiCall.Outcome, message: Any) -> AiCall:
        return AiCall.keep(
            account_id=account.pk, session_id=question.session.pk, purpose=question.purpose, outcome=outcome,
            prompt_version=question.version, asked=asked, milliseconds=round((time.monotonic() - began) * 1000),
            **_taken(message, model), priced_as=model,
        )  # fmt: skip

    try:
        message = _call(question, model, instructions)
        data = _data_of(message)
    except _Failed as failed:
        keep(failed.outcome, failed.message or failed.error)
        _raise(failed)
    return ModelAnswer(data, keep(Outcome.ANSWERED, message))


def _raise(failed: _Failed) -> NoReturn:
    if failed.outcome in _PASSES and failed.after <= LONGEST_WAIT:
        raise Later(str(failed), after=failed.after) from None
    if failed.outcome in _OF_THIS_SESSION:
        raise GiveUp(str(failed)) from None
    if failed.outcome in _PASSES:
        asked_to_wait = timedelta(seconds=min(failed.after, LONGEST_KEPT_TO))
        raise NeedsSomebody(str(failed), works_from=clock.now() + asked_to_wait) from None
    raise NeedsSomebody(str(failed)) from None


def _taken(came: Message | anthropic.APIStatusError | None, model: str) -> dict[str, Any]:
    """What is kept of what came: an answer with what it took, or why there is none."""
    if came is None:
        return {"model": cut(model, 100)}
    if isinstance(came, anthropic.APIStatusError):
        kept: dict[str, Any] = {"model": model, "request_id": came.request_id or "", "answered": str(came.message)}
    else:
        kept = {"model": came.model or model, "request_id": came._request_id or "", "answered": _text_of(came)}
    told = {name: redact(clean(text)) if isinstance(text, str) else "" for name, text in kept.items()}
    used = getattr(came, "usage", None)
    return {
        "model": cut(told["model"] or model, 100),
        "request_id": cut(told["request_id"], 100),
        "answered": cut(told["answered"], LONGEST_ANSWER),
        "tokens_read": _tokens(used, "input_tokens"),
        "tokens_cached": _tokens(used, "cache_read_input_tokens"),
        "tokens_stored": _tokens(used, "cache_creation_input_tokens"),
        "tokens_written": _tokens(used, "output_tokens"),
    }


def _tokens(used: Any, name: str) -> int:
    """The SDK checks no answer: what is no number of tokens counts as none."""
    found = getattr(used, name, 0)
    return found if isinstance(found, int) and 0 <= found < 2**31 else 0


@outside_calls.outside_call()
def _call(question: Question, model: str, instructions: str) -> Message:
    """The read timeout of HTTP is per read, so a dripping server would outlast it: hence a limit of our own."""
    client = anthropic.Anthropic(
        api_key=settings.ANTHROPIC_API_KEY,
        base_url=settings.ANTHROPIC_BASE_URL,
        max_retries=0,  # the Work row retries; the SDK would sleep in the worker for any Retry-After
        timeout=httpx2.Timeout(settings.AI_TIMEOUT_SECONDS, connect=5),
    )
    pool = ThreadPoolExecutor(1)
    try:
        call = pool.submit(_create, client, question, model, instructions)
        return call.result(timeout=settings.AI_TIMEOUT_SECONDS)
    except TooSlow:
        raise _too_slow() from None
    finally:
        client.close()  # ends a call that is still dripping, and its thread with it
        pool.shutdown(wait=False)


def _create(client: anthropic.Anthropic, question: Question, model: str, instructions: str) -> Message:
    system = [_block(question.system), *([_block(_FROM_ADMINS + instructions)] if instructions else [])]
    turn: MessageParam = {"role": "user", "content": [_cached(question.record), _block(question.task)]}
    try:
        return client.messages.create(
            model=model,
            max_tokens=question.max_tokens,
            system=[*system[:-1], {**system[-1], "cache_control": {"type": "ephemeral"}}],
            messages=[turn],
            output_config={"format": {"type": "json_schema", "schema": question.schema}},
        )
    except anthropic.APIStatusError as error:
        raise _explained(error) from None
    except anthropic.APITimeoutError:
        raise _too_slow() from None
    except (anthropic.APIConnectionError, httpx2.HTTPError):
        raise _Failed(Outcome.UNREACHABLE) from None
    except (ValueError, RecursionError):
        raise _Failed(Outcome.UNREADABLE, f"The AI's answer could not be read. {LATER}") from None


_FROM_ADMINS = "The admins of this account ask as well, as far as it does not contradict the above:\n"


def _block(text: str) -> TextBlockParam:
    return {"type": "text", "text": text}


def _cached(text: str) -> TextBlockParam:
    return {**_block(text), "cache_control": {"type": "ephemeral"}}


def _too_slow() -> _Failed:
    return _Failed(Outcome.TIMED_OUT, f"The model did not answer within {settings.AI_TIMEOUT_SECONDS} seconds. {LATER}")


def _explained(error: anthropic.APIStatusError) -> _Failed:
    if getattr(error, "error_code", None) == "enforced_spend_limit_reached":
        return _Failed(Outcome.SPEND_LIMIT, error=error)
    outcome = _BY_STATUS.get(error.status_code, Outcome.FAILED)
    wait = _retry_after(error.response.headers.get("retry-after", ""))
    if outcome in _PASSES and wait > LONGEST_WAIT:
        return _Failed(
            outcome, f"The AI is busy and asks to wait {round(wait / 60)} minutes. {LATER}", after=wait, error=error
        )
    words = f"The AI failed ({error.status_code}). {LATER}" if outcome == Outcome.FAILED else ""
    return _Failed(outcome, words, after=wait, error=error)


def _retry_after(header: str) -> float:
    try:
        wait = float(header)
    except ValueError:
        return 0.0
    return max(0.0, wait) if math.isfinite(wait) else 0.0


def _data_of(message: Message) -> dict[str, Any]:
    """The answer, parsed. The stop reason is looked at first: a refused or cut answer does not follow the schema."""
    if not isinstance(message, Message):  # 200 with HTML: the SDK hands back a string
        raise _Failed(Outcome.UNREADABLE, f"The AI's answer could not be read. {LATER}")
    if message.stop_reason != "end_turn":
        outcome = _BY_STOP_REASON.get(str(message.stop_reason), Outcome.UNREADABLE)
        raise _Failed(outcome, message=message)
    try:
        data = json.loads(_text_of(message))
    except (ValueError, RecursionError):  # no JSON; a number of thousands of digits; too deep
        data = None
    if not isinstance(data, dict):
        raise _Failed(Outcome.UNREADABLE, message=message)
    return data


def _text_of(message: Message) -> str:
    """The SDK checks no answer: what is no block of text is passed over."""
    content: Any = message.content
    blocks = content if isinstance(content, list) else []
    found = [getattr(block, "text", None) for block in blocks if getattr(block, "type", None) == "text"]
    return "".join(text for text in found if isinstance(text, str))
