"""Names after "@" where people's text is shown: marked where they mean somebody, by the rule that decides who is
notified, and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff
from notifications.live.fragments import fragments_of
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core.once import asking_once, once
from sessions_app.mentions import MOST, mentions_in
from sessions_app.models import Session
from sessions_app.templatetags.markdown import links, markdown, markdown_line, names
from tests.api_client import client_of
from tests.conftest import person
from tests.resolutionflow.web.rendered import Rendered

NAME = re.compile(r'<bdi data-people="([\d ]+)">(.*?)</bdi>', re.S)
SHOWN = (markdown, markdown_line, links, names)


def named(account: Account, name: str) -> User:
    made = person(account, f"p{User.objects.count()}")
    made.name = name
    made.save(update_fields=["name"])
    return made


def ids(html: str) -> set[int]:
    return {int(pk) for found in NAME.findall(html) for pk in found[0].split()}


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- which words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "@Bo Tester which?",
        "Ask @bo, or (@CY TESTER).",
        "**@Bo Tester** and - @Cy\n- @Bo\n1. @Cy Tester",
        "[ask @Bo Tester](https://a.example/x), https://a.example/@Bo, see:@Cy",
        "`ls @Bo Tester` but @Cy",
        "```\n@Bo Tester\n```\n@Cy",
        "a `b @Bo` ``c ` @Cy``",
        "lone ` @Bo Tester",
        "bo@bo.example @Boris @Bo_ @@Bo @Vic @Eve Tester @Dee Tester",
        "<@Bo Tester> &amp; <b>@Cy</b>",
        "[x](mailto:a,@Bo) [x](https://a.example/?,@Cy)",
        "`@Bo` " * 30 + "@Bo " * 3000,
        "Ask @Bo Tester\u202e and\u200f @Cy",
    ],
)
def test_who_is_marked_is_who_is_notified(session, ana, bo, cy, vic, eve, northwind, text) -> None:
    html = markdown(text, session)
    assert ids(html) == set(mentions_in(text, account_id=northwind.pk).people)
    assert Rendered(markdown_line(text, session)).wrong == []
    assert not re.search("[\ud800-\udfff]", html)


@pytest.mark.parametrize("show", SHOWN)
def test_a_name_stands_as_it_was_typed(session, bo, show) -> None:
    assert show("Ask @BO  tester, @bo tester.", session) == (
        f'Ask <bdi data-people="{bo.pk}">@BO</bdi>  tester, <bdi data-people="{bo.pk}">@bo tester</bdi>.'
    )


def test_code_mentions_nobody(session, ana, bo, cy) -> None:
    message = session.add_message(ana, content="`git blame @Bo`:\n```\n@Bo Tester\n``` \nPerhaps @Cy")
    assert Event.objects.latest("seq").facts["mentioned"] == [cy.pk]
    assert ids(markdown(message.content, session)) == {cy.pk}
    step = session.add_step(ana, text="Ran `mail @Bo Tester`")
    assert "mentioned" not in Event.objects.latest("seq").facts
    assert links(step.text, session) == "Ran `mail @Bo Tester`"


def test_the_longest_name_is_marked_and_none_that_was_cut(session, northwind) -> None:
    short, long = named(northwind, "Ana Maria"), named(northwind, "Ana Maria Silva")
    assert NAME.findall(names("@Ana Maria Silva, @Ana Maria Sousa", session)) == [
        (str(long.pk), "@Ana Maria Silva"),
        (str(short.pk), "@Ana Maria"),
    ]
    assert ids(markdown_line("@Ana Maria Sil…", session)) == set()
    assert ids(markdown_line("@Ana Maria…", session)) == set()
    assert ids(markdown_line("@Ana Maria Silva…", session)) == {long.pk}
    assert ids(markdown_line("@Ana Maria knows wh…", session)) == {short.pk}


def test_two_of_the_same_name_are_both_named(session, northwind) -> None:
    pks = [named(northwind, "Ana Petrov").pk for _ in range(2)]
    assert f'<bdi data-people="{pks[0]} {pks[1]}">@Ana Petrov</bdi>' in markdown("@Ana Petrov", session)


def test_nobody_is_marked_who_left_reads_alone_or_is_of_another_account(session, cy, vic, eve, olga) -> None:
    text = "@Cy Tester @Vic Tester @Eve Tester"
    assert ids(markdown(text, session)) == {cy.pk}
    cy.deactivate(by=olga)
    assert markdown(text, session) == text


def test_a_list_of_very_many_people_marks_nobody(session, northwind) -> None:
    roster = [f"@{named(northwind, f'Member {number}').name}" for number in range(MOST + 1)]
    assert len(ids(markdown(" ".join(roster[1:]), session))) == MOST
    assert ids(markdown(" ".join(roster), session)) == set()


@pytest.mark.parametrize(
    "name",
    [
        '<img src=x onerror="alert(1)">',
        "</bdi><script>alert(1)</script>",
        "Bo</bdi",
        'Bo" onclick="x',
        "&lt;b&gt; &amp;",
        "דנה לוי",
        "علي حسن",
        "Dana\u200f Levi",
        "**Bold** `Code`",
        "[Bo](https://a.example)",
        "https://a.example/x",
        "KB5034441",
        "s1 m1",
        "İpek Groß",
        "- 1. #",
    ],
)
@pytest.mark.parametrize("show", SHOWN)
def test_a_name_of_any_kind_is_text_and_stays_whole(session, northwind, name, show) -> None:
    member = named(northwind, name)
    text = f"See @{member.name}, then"
    html = show(text, session)
    rendered = Rendered(html)
    assert rendered.wrong == []
    assert rendered.seen == text or "**" in name or "[" in name
    assert "<img" not in html
    assert "<script" not in html
    assert ids(html) <= {member.pk}
    assert ids(names(text, session)) == {member.pk}


# --- where -------------------------------------------------------------------------------------


def test_on_every_page_that_shows_it(client, session, ana, bo, cy) -> None:
    said = "Perhaps @Cy Tester knows"
    mark = f'Perhaps <bdi data-people="{cy.pk}">@Cy Tester</bdi> knows'
    session.add_message(ana, content=said)
    session.add_step(ana, text=said)
    session.add_step(ana, text=said, free_text="line\n" * 40)
    session.add_branch(ana, label="Router").change_status(ana, status="dead_end", reason=said)
    handoff = Handoff.escalate(session, ana, notes=said, watch_out=said)
    assert page(client, bo, session.get_absolute_url()).count(mark) == 4
    assert page(client, bo, handoff.get_absolute_url()).count(mark) == 9
    assert page(client, bo, f"/handoffs/{handoff.pk}/preview/").count(mark) == 8
    handoff.claim(bo)
    handoff.return_(bo, reason=said)
    assert mark in page(client, ana, "/")
    session.refresh_from_db()
    session.resolve(ana, resolution=said, root_cause=said)
    assert page(client, bo, session.get_absolute_url()).count(mark) == 6


def test_pushed_to_open_pages(session, ana, cy) -> None:
    session.add_message(ana, content="Perhaps @Cy Tester knows")
    event = Event.objects.latest("seq")
    watched = f"session:{session.pk}"
    html = fragments_of([event], {watched})[event.seq][watched][0]["html"]
    assert ids(html or "") == {cy.pk}


def test_the_readers_own_name_is_stronger(client, bo, cy) -> None:
    css = page(client, bo, "/me.css")
    assert f'bdi[data-people~="{bo.pk}"]{{' in css
    assert f'"{cy.pk}"' not in css


def test_texts_to_copy_and_the_api_have_it_as_it_was_typed(client, session, ana, bo, cy) -> None:
    said = "Perhaps @Cy Tester knows"
    message = session.add_message(ana, content=said)
    handoff = Handoff.escalate(session, ana, notes=said)
    assert said in page(client, bo, f"/handoffs/{handoff.pk}/text/")
    answer = client_of(bo).get(f"sessions/{session.pk}/messages/{message.pk}/")
    assert answer.json()["content"] == said


# --- what it costs -----------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_people_are_read_once_for_a_page_and_not_where_nobody_is_named(client, session, ana) -> None:
    client.force_login(ana)
    session.add_message(ana, content="Mail cy@northwind.example")
    asked = [queries_of(client, session.get_absolute_url())]
    for more in (1, 8):
        for _number in range(more):
            session.add_message(ana, content="Perhaps @Cy Tester knows, or @Nobody")
            session.add_step(ana, text="Asked @Cy Tester")
        asked.append(queries_of(client, session.get_absolute_url()))
    assert asked == [asked[0], asked[0] + 1, asked[0] + 1]


def test_a_list_of_sessions_reads_people_once(client, ana) -> None:
    client.force_login(ana)
    asked = []
    for more in (1, 6):
        for number in range(more):
            parked = Session.open(ana, problem_summary=f"Later {number}")
            Handoff.park(parked, ana, notes="Ask @Cy Tester")
        asked.append(queries_of(client, "/"))
    assert asked[0] == asked[1]


def test_a_name_given_since_is_marked_on_the_next_page(client, session, ana, cy) -> None:
    session.add_message(ana, content="Perhaps @Zoe Night knows")
    assert "data-people" not in page(client, ana, session.get_absolute_url())
    cy.change_profile(name="Zoe Night", time_zone="")
    assert ids(page(client, ana, session.get_absolute_url())) == {cy.pk}


def test_what_is_asked_once_is_forgotten_afterwards() -> None:
    answers = iter(range(9))
    with asking_once():
        assert [once("x", lambda: next(answers)) for _ in range(3)] == [0, 0, 0]
        with asking_once():
            assert once("x", lambda: next(answers)) == 1
        assert once("x", lambda: next(answers)) == 0
    assert [once("x", lambda: next(answers)) for _ in range(2)] == [2, 3]
