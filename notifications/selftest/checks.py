"""The checks of `manage.py selftest`: they try the site on this installation, in a throw-away account.

They use a web server of their own on a free port of this machine, as scripts with tokens do. On the database of a
running site nothing of this reaches anybody: the account's people have no email address, so that the relay, ours or a
real worker's, writes bell lines and no mail; it has no channel and no ticket system; other processes see its AI as off.
At the end the account is deleted, its events with it.
"""

from __future__ import annotations

import json
import signal
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from handoffs import consistency
from handoffs.models import Handoff, Summary
from notifications.models import Delivery, Notification
from notifications.relay import relay
from notifications.selftest.own_server import PATIENCE, Broken, must, serving
from notifications.selftest.throwaway_account import delete_if_opened, new_name, open_account, remove_leftovers
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from resolutionflow.core import clock
from resolutionflow.web.templatetags import span
from sessions_app.models import Session

CLAIMERS, ROUNDS = 20, 3
SLOW = 500.0  # ms: an escalation that took this long waited for something


@dataclass(frozen=True)
class Outcome:
    """The result of one check: what was measured, or what broke."""

    promise: str
    held: bool
    seen: str


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an interruption led to this error: in the middle of a query it leaves a connection that cannot end its
    transaction, and that is what is raised then."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore a second Ctrl-C while what the selftest made is deleted."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@dataclass
class Script:
    """A client of the API, with one person's token."""

    user: User
    key: str
    http: httpx2.Client

    def post(self, path: str, **body: Any) -> Any:
        """The JSON of the answer; Broken where it is no success."""
        answer = self.http.post(f"/api/v1/{path}", json=body)
        must(answer.status_code < 300, f"POST {path} was answered {answer.status_code}: {answer.text[:200]}")
        return answer.json()

    def claim(self, pk: int, start: threading.Barrier) -> tuple[int, Any, float]:
        """Claim at the same moment as all the others; returns status, answer and milliseconds."""
        self.http.get("/healthz")  # the connection is there before the race
        start.wait(PATIENCE)
        began = time.perf_counter()
        answer = self.http.post(f"/api/v1/handoffs/{pk}/claim/")
        return answer.status_code, answer.json(), _ms(began)


# --- what is tried -----------------------------------------------------------------------------------


@dataclass
class Selftest:
    """One run: use it in a `with`, and iterate over `outcomes()`."""

    account: Account = field(init=False)
    url: str = field(init=False)
    sender: Script = field(init=False)
    claimers: list[Script] = field(init=False)
    _rest: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Selftest:
        with ExitStack() as rest:
            remove_leftovers()
            rest.enter_context(override_settings(ALLOWED_HOSTS=["127.0.0.1"]))
            name = new_name()
            rest.callback(delete_if_opened, name)  # first: an interruption may come with the commit
            self.account = open_account(name)
            self.url = rest.enter_context(serving())
            self.sender = self._script("Sender", rest)
            self.claimers = [self._script(f"Claimer {n}", rest) for n in range(1, CLAIMERS + 1)]
            self._rest = rest.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        with _undisturbed():
            self._rest.close()

    def outcomes(self) -> Iterator[Outcome]:
        for promise, check in self._checks():
            try:
                yield Outcome(promise, held=True, seen=check())
            except Exception as error:  # a check that crashes has not held; the others still say what they see
                if was_interrupted(error):
                    raise
                told = isinstance(error, Broken)
                yield Outcome(promise, held=False, seen=str(error) if told else f"{type(error).__name__}: {error}")

    def _checks(self) -> list[tuple[str, Callable[[], str]]]:
        return [
            (f"{CLAIMERS} claims at once: one wins, the others learn who", self.race_claims),
            ("The AI is gone: escalating does not wait, and its page says why there is no summary", self.stop_the_ai),
            ("A socket cut off hears exactly what it missed", self.drop_a_socket),
            ("A claim nobody works on goes back to the queue", self.let_a_claim_lapse),
            ("Everybody is notified in the app, nobody by mail", self.tell_everybody),
            ("The account's numbers have no hole, and nothing stands where it cannot", self.look_at_the_numbers),
        ]

    def _script(self, name: str, rest: ExitStack) -> Script:
        user = User(account=self.account, name=f"Selftest {name}")
        user.set_unusable_password()
        user.save(force_insert=True)
        _token, key = ApiToken.issue(user, name="selftest", scope="write", days=1)
        headers = {"Authorization": f"Token {key}"}
        http = httpx2.Client(base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False)
        return Script(user, key, rest.enter_context(http))

    def _session(self) -> int:
        session = self.sender.post("sessions/", problem_summary="The printer on the third floor prints blank pages")
        pk = int(session["id"])
        self.sender.post(f"sessions/{pk}/steps/", text="Changed the toner", outcome="failed")
        return pk

    def _waiting(self) -> int:
        """Make a session and escalate it to anyone; returns the handoff's id."""
        return int(self.sender.post(f"sessions/{self._session()}/escalate/", notes="I am stuck")["id"])

    # two who claim at once

    def race_claims(self) -> str:
        slowest = max(self._race(self._waiting()) for _round in range(ROUNDS))
        return f"{ROUNDS} rounds, the slowest answer after {slowest:.0f} ms"

    def _race(self, pk: int) -> float:
        start = threading.Barrier(CLAIMERS)
        with ThreadPoolExecutor(CLAIMERS) as pool:
            answers = list(pool.map(lambda script: script.claim(pk, start), self.claimers))
        won = [said for status, said, _ms in answers if status == 200]
        must(len(won) == 1, f"{len(won)} of {CLAIMERS} claims won.")
        winner = won[0]["claimed_by"]
        lost = [said for status, said, _ms in answers if status == 409 and said["code"] == "already_claimed"]
        told = [said for said in lost if said["claimed_by"] == winner and said["claimed_at"]]
        must(len(told) == CLAIMERS - 1, f"{len(told)} of {CLAIMERS - 1} who lost learned who won.")
        claims = Event.objects.filter(account=self.account, handoff_id=pk, kind="handoff.claimed")
        actors = list(claims.values_list("actor_id", flat=True))
        must(actors == [winner["id"]], f"{len(actors)} events tell of one claim.")
        return float(max(ms for _status, _said, ms in answers))

    # the AI is gone

    def stop_the_ai(self) -> str:
        with _a_browser(self.sender) as browser:
            usual = statistics.median(self._escalate(browser, reading=False)[0] for _round in range(3))
            with socket.create_server(("127.0.0.1", 0)) as gone:
                nowhere = f"http://127.0.0.1:{gone.getsockname()[1]}"
            dead = {"ANTHROPIC_API_KEY": "selftest", "ANTHROPIC_BASE_URL": nowhere, "AI_TIMEOUT_SECONDS": 5}
            with override_settings(**dead):
                ms, summary = self._escalate(browser, reading=True)
                seen = f"escalated in {ms:.0f} ms, usually {usual:.0f} ms"
                must(ms < SLOW + 2 * usual, f"It waited: {seen}.")
                said = self._read_in_vain(browser, summary)
        return f"{seen}; “{said}”"

    def _escalate(self, browser: Client, *, reading: bool) -> tuple[float, Any]:
        """Escalate; returns the milliseconds it took, and the summary where one is to be written. Only this process may
        work on that: when it is committed, the account's AI is off and the row is taken, so that no worker of the site
        calls a model."""
        path = f"/api/v1/sessions/{self._session()}/escalate/"
        began = time.perf_counter()
        with transaction.atomic():
            self._set_ai(reading)
            headers = {"authorization": f"Token {self.sender.key}"}
            answer = browser.post(path, {"notes": "Stuck"}, "application/json", secure=settings.HTTPS, headers=headers)
            must(answer.status_code == 201, f"Escalating was answered {answer.status_code}.")
            summary = _taken(int(answer.json()["id"])) if reading else None
            self._set_ai(False)
        return _ms(began), summary

    def _set_ai(self, on: bool) -> None:
        Account.objects.filter(pk=self.account.pk).update(ai_enabled=on)

    def _read_in_vain(self, browser: Client, mine: Summary) -> str:
        """Check the page before and after the attempt that fails: it shows the brief both times, and the reason
        afterwards."""
        pk = mine.handoff_id
        before = _page(browser, pk)
        must("Changed the toner" in before, "The page waits for the summary with what was tried.")
        mine._run()
        summary = Summary.objects.get(handoff=pk)
        must(summary.state == "failed", f"The summary is {summary.state}.")
        must(summary.error, "The summary failed without a reason.")
        after = _page(browser, pk)
        must(summary.error in after and "Changed the toner" in after, "The page does not say why, or lost the brief.")
        return str(summary.error)

    # a card within a second, and the socket's numbers

    def drop_a_socket(self) -> str:
        session = self._session()
        with self._socket() as open_page:
            open_page.send(json.dumps({"type": "watch", "page": "queue"}))
            time.sleep(0.2)  # it is heard
            began = time.perf_counter()
            pk = self.sender.post(f"sessions/{session}/escalate/", notes="Stuck")["id"]
            card = _hear(open_page, "handoff.escalated")
            ms = _ms(began)
            must([part["id"] for part in card["fragments"] if part["html"]] == [f"card-{pk}"], "No card came along.")
            open_page.socket.shutdown(socket.SHUT_RDWR)  # as a network goes: without a word
        self.sender.post(f"sessions/{session}/steps/", text="Turned it off and on", outcome="failed")
        self.sender.post(f"sessions/{session}/messages/", content="It is warm")
        return f"the card came {ms:.0f} ms after the click; {self._come_back(session, after=card['seq'])}"

    def _come_back(self, session: int, *, after: int) -> str:
        missed = list(Event.objects.filter(account=self.account).after(after).values_list("seq", flat=True))
        with self._socket() as open_page:
            began = time.perf_counter()
            open_page.send(json.dumps({"type": "resume", "after": after}))
            heard = [_hear(open_page)["seq"] for _number in missed]
            ms = _ms(began)
            must(heard == missed and len(missed) == 2, f"It missed {missed} and heard {heard}.")
            self.sender.post(f"sessions/{session}/messages/", content="It is cold again")
            following = _hear(open_page)["seq"]
            must(following == missed[-1] + 1, f"After {missed[-1]} came {following}.")
        return f"the {len(missed)} it missed, in order, {ms:.0f} ms after it asked"

    def _socket(self) -> ClientConnection:
        address = self.url.replace("http", "ws", 1) + "/ws/live/"
        headers = {"Authorization": f"Token {self.claimers[0].key}"}
        return connect(address, additional_headers=headers, proxy=None, open_timeout=PATIENCE, close_timeout=1)

    # leases

    def let_a_claim_lapse(self) -> str:
        pk = self._waiting()
        self.claimers[0].post(f"handoffs/{pk}/claim/")
        handoff = Handoff.objects.get(pk=pk)
        until: datetime | None = handoff.lease_until
        if until is None:
            raise Broken("The claim has no lease.")
        with clock.replayed_at(until + timedelta(seconds=1)):
            must(handoff.expire(), "The claim did not run out.")
        claimed = self.claimers[1].post(f"handoffs/{pk}/claim/")
        must(claimed["claimed_by"]["id"] == self.claimers[1].user.pk, "Nobody else could claim it.")
        return f"{span(until - timezone.now())} on it ran out, and somebody else claimed it"

    # telling

    def tell_everybody(self) -> str:
        """Relay what workers of the site have not relayed yet, so that nothing of it is left to them."""
        began, events = time.perf_counter(), Event.objects.filter(account=self.account)
        relayed = sum(relay(pk) for pk in events.unrelayed().values_list("pk", flat=True))
        lines = Notification.objects.filter(account=self.account).count()
        deliveries = Delivery.objects.filter(account=self.account).count()
        must(lines, "Nobody was notified.")
        must(not deliveries, f"{deliveries} messages were to leave.")
        return f"{lines} bell lines, {relayed} events relayed here in {_ms(began):.0f} ms"

    # what holds at any time

    def look_at_the_numbers(self) -> str:
        seqs = list(Event.objects.filter(account=self.account).order_by("seq").values_list("seq", flat=True))
        newest = Account.objects.values_list("last_seq", flat=True).get(pk=self.account.pk)
        must(seqs == list(range(1, newest + 1)), f"There are {len(seqs)} events up to number {newest}.")
        wrong = consistency.inconsistent_sessions().filter(account=self.account).count()
        must(not wrong, f"{wrong} sessions stand in a position that cannot be.")
        sessions = Session.objects.filter(account=self.account).count()
        return f"{newest} events, {sessions} sessions"


def _taken(pk: int) -> Summary:
    """The summary of this handoff, taken by this process for its last attempt, with the account as this transaction
    sees it."""
    last = len(Summary.backoff) + 1
    found = Summary.objects.filter(handoff=pk)
    must(
        found.update(status=Summary.Status.RUNNING, attempt=last, tries=last, taken_at=timezone.now()),
        "No summary was to be written.",
    )
    mine: Summary = found.select_related("handoff__account", "handoff__session", "handoff__sender").get()
    return mine


@contextmanager
def _a_browser(script: Script) -> Iterator[Client]:
    """A test client with somebody signed in, in this thread, so that a request can be part of our own transaction."""
    browser = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    browser.force_login(script.user)
    try:
        yield browser
    except KeyboardInterrupt:
        connection.close()  # it may have come in the middle of a query: nothing more can be asked on it
        raise
    finally:
        browser.logout()


def _page(browser: Client, pk: int) -> str:
    answer = browser.get(f"/handoffs/{pk}/", secure=settings.HTTPS)
    must(answer.status_code == 200, f"The pick-up screen was answered {answer.status_code}.")
    return str(answer.content.decode())


def _hear(open_page: ClientConnection, kind: str = "") -> dict[str, Any]:
    """The next event, of this kind if given; other frames are passed over."""
    until = time.monotonic() + PATIENCE
    with suppress(TimeoutError, ConnectionClosed):
        while (left := until - time.monotonic()) > 0:
            frame: dict[str, Any] = json.loads(open_page.recv(timeout=left))
            if frame["type"] == "event" and kind in ("", frame["kind"]):
                return frame
    raise Broken(f"The socket heard nothing more within {PATIENCE:.0f} s.")


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def where() -> str:
    """The database and broker of this installation, in words."""
    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    return f"{database} and {'Redis' if settings.REDIS_URL else 'no Redis'}"
