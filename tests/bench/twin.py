"""The bare twin: the thinnest Django that asks the database for the same.

One view each, on our models: who it is, the rows, one transaction with the same statements, a short
answer. No middleware, forms, permissions, refusals, serializers or templates of ours; its sockets are
a plain loop over an ASGI `send`. What lies between its figures and ours is what our code costs.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import django
import uvicorn
from channels.db import database_sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.twin_settings"
    sys.modules["tests.bench.twin"] = sys.modules["__main__"]
    django.setup()

from handoffs.models import Handoff, Summary, with_counts
from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from sessions_app.models import Session, Visit


def _person(request: HttpRequest) -> User:
    digest = ApiToken.digest_of(request.headers["Authorization"].removeprefix("Token "))
    user: User = ApiToken.objects.select_related("user__account").get(digest=digest, revoked_at=None).user
    return user


def _record(kind: str, actor: User, session: int, handoff: int, **facts: Any) -> int:
    Account.objects.filter(pk=actor.account_id).update(last_seq=F("last_seq") + 1)
    seq: int = Account.objects.values_list("last_seq", flat=True).get(pk=actor.account_id)
    Event.objects.create(
        account_id=actor.account_id,
        seq=seq,
        kind=kind,
        at=timezone.now(),
        actor=actor,
        origin="api",
        session_id=session,
        handoff_id=handoff,
        facts=facts,
    )
    return seq


@csrf_exempt
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = _person(request), timezone.now()
    handoff: Handoff = Handoff.objects.visible_to(user).with_people().get(pk=pk)
    with transaction.atomic():
        Session.objects.filter(pk=handoff.session_id, status="escalated").update(
            status="active", assignee=user, updated_at=now
        )
        won = Handoff.objects.filter(pk=pk, status="open", intent="escalate").update(
            status="claimed", claimed_by=user, claimed_at=now
        )
        assert won
        _record("handoff.claimed", user, handoff.session_id, pk)
    note = Delivery.objects.filter(handoff=handoff, kind="note").order_by("-id").first()
    return JsonResponse({"id": pk, "status": "claimed", "note": note.status if note else None})


@csrf_exempt
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = _person(request), timezone.now()
    session: Session = Session.objects.visible_to(user).select_related("account").get(pk=pk)
    with transaction.atomic():
        Session.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
        steps = list(session.steps.select_related("author").order_by("-order")[:20])
        list(session.branches.order_by("order"))
        Session.objects.filter(pk=pk, status__in=["active", "paused"]).update(
            status="escalated", updated_at=now, handoff_count=session.handoff_count + 1
        )
        session.handoffs.exclude(status="closed").select_for_update(of=("self",), no_key=True).first()
        handoff: Handoff = Handoff.objects.create(
            account_id=user.account_id, session=session, intent="escalate", notes="stuck", sender=user,
            holder_id=session.assignee_id, source_branch_id=session.active_branch_id, snapshot={"steps": len(steps)},
        )  # fmt: skip
        seq = _record("handoff.escalated", user, pk, handoff.pk, priority="normal")
    tell(_event(seq, 1500))
    return JsonResponse({"id": handoff.pk, "status": "open"}, status=201)


def burst(request: HttpRequest, count: int, size: int) -> HttpResponse:
    """So many frames at once, of no events: the loop over the sockets alone."""
    first = time.time_ns()  # numbers nobody had yet
    for seq in range(first, first + count):
        tell(_event(seq, size))
    return HttpResponse("ok")


CARDS = """<!doctype html><title>Queue</title><ol>{% for h in rows %}<li id="card-{{ h.pk }}">
{{ h.get_priority_display }} {{ h.session.problem_summary }} {{ h.session.client_name }} {{ h.sender.name }}
{{ h.attempts.failed }} {{ h.opened_at }}</li>{% endfor %}</ol>"""


def queue(request: HttpRequest, user_id: int) -> HttpResponse:
    """The page's own statements: person, cards, the lanes' counts, the bell."""
    user = User.objects.select_related("account").get(pk=user_id)
    rows = with_counts(Handoff.objects.visible_to(user).waiting().as_cards()[:51])
    Handoff.objects.visible_to(user).waiting().count()
    Handoff.objects.visible_to(user).claimed().count()
    Notification.objects.of(user).unread().count_sessions()
    Summary.objects.filter(handoff__in=rows).count()
    return HttpResponse(engines["django"].from_string(CARDS).render({"rows": rows}))


RECORD = """<!doctype html><title>{{ session }}</title><h1>{{ session }}</h1>
<p>{{ handoff.sender }} {{ handoff.notes }}</p>
{% for b in branches %}<p>{{ b.label }} {{ b.standing }} {{ b.status_reason }}</p>{% endfor %}<ol>{% for s in steps %}
<li id="{{ s.ref }}">{{ s.get_outcome_display }} {{ s.text }} {{ s.author.name }} {{ s.created_at }}
<pre>{{ s.free_text }}</pre></li>
{% endfor %}</ol><ol>{% for m in said %}<li>{{ m.author.name }} {{ m.created_at }} {{ m.content }}</li>{% endfor %}</ol>
<pre>{{ session.intake_text }}</pre>"""


def pick_up(request: HttpRequest, user_id: int, pk: int) -> HttpResponse:
    """The page's own statements: person, handoff, the newest of the record, visit, history, counts, notified."""
    user = User.objects.select_related("account").get(pk=user_id)
    handoff: Handoff = Handoff.objects.visible_to(user).with_card().get(pk=pk)
    session = handoff.session
    shown = {
        "handoff": handoff,
        "session": session,
        "branches": list(session.branches.with_standing()),
        "steps": list(session.steps.select_related("author").order_by("-order")[:60]),
        "said": list(session.messages.select_related("author").order_by("-order")[:40]),
    }
    Visit.objects.filter(session=session, user=user).first()
    list(Event.objects.visible_to(user).filter(handoff_id=pk, kind="handoff.released").order_by("-seq")[:10])
    with_counts(session.handoffs.with_card().order_by("-id"))
    Session.objects.visible_to(user).filter(assignee=user, status="active").count()
    Handoff.objects.visible_to(user).waiting().count()
    Notification.objects.of(user).unread().count_sessions()
    deliveries = Delivery.objects.filter(handoff=handoff).select_related("recipient", "channel", "connection")
    for kind in ("note", "email", "channel"):
        list(deliveries.filter(kind=kind).order_by("-id")[:50])
    list(handoff.notifications.select_related("user").order_by("-id")[:50])
    handoff.notifications.values("user").distinct().count()
    return HttpResponse(engines["django"].from_string(RECORD).render(shown))


def well(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("claim/<int:pk>/", claim),
    path("escalate/<int:pk>/", escalate),
    path("burst/<int:count>/<int:size>/", burst),
    path("queue/<int:user_id>/", queue),
    path("pick-up/<int:user_id>/<int:pk>/", pick_up),
    path("healthz", well),
]

# --- sockets -------------------------------------------------------------------------------------

Send = Callable[[dict[str, Any]], Awaitable[None]]
sockets: set[Send] = set()
loops: list[asyncio.AbstractEventLoop] = []


def tell(text: str) -> None:
    if sockets:
        asyncio.run_coroutine_threadsafe(_tell(text), loops[0])


async def _tell(text: str) -> None:
    for send in list(sockets):
        await send({"type": "websocket.send", "text": text})


async def hub(scope: Any, receive: Any, send: Any) -> None:
    """Who it is, the account's number, and what was missed: one statement or two each, in a thread."""
    loops[:] = [asyncio.get_running_loop()]
    await receive()
    account, seq = await in_thread(_account)(dict(scope["headers"])[b"cookie"].decode())
    await send({"type": "websocket.accept"})
    sockets.add(send)
    await send({"type": "websocket.send", "text": _text(type="ready", seq=seq)})
    while (message := await receive())["type"] == "websocket.receive":
        wish = json.loads(message["text"])
        if wish["type"] == "resume":
            for text in await in_thread(_missed)(account, wish["after"]):
                await send({"type": "websocket.send", "text": text})
    sockets.discard(send)


def in_thread(call: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    awaitable: Callable[..., Awaitable[Any]] = database_sync_to_async(call, thread_sensitive=False)
    return awaitable


def _account(cookie: str) -> tuple[int, int]:
    user = SessionStore(cookie.partition("=")[2])["_auth_user_id"]
    pk, seq = User.objects.values_list("account_id", "account__last_seq").get(pk=user)
    return pk, seq


def _missed(account: int, after: int) -> list[str]:
    return [_event(event.seq, 0) for event in Event.objects.filter(account_id=account, seq__gt=after).order_by("seq")]


def _event(seq: int, size: int) -> str:
    return _text(type="event", seq=seq, html="x" * size)


def _text(**content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))


def main() -> None:
    """python -m tests.bench.twin PORT"""
    pages = get_asgi_application()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await hub(scope, receive, send)
        else:
            await pages(scope, receive, send)

    uvicorn.run(
        application, port=int(sys.argv[1]), log_config=None, access_log=False, lifespan="off",
        ws_per_message_deflate=False, timeout_graceful_shutdown=2,
    )  # fmt: skip


if __name__ == "__main__":
    main()
