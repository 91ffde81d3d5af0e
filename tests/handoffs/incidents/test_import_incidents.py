"""import_incidents on real records: every row, every handoff, the right positions, twice adds nothing."""

import gzip
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from handoffs import consistency
from handoffs.models import Handoff, Summary
from notifications.models import Delivery, Notification
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core import origin
from sessions_app.models import Session, Step
from tests.conftest import person

EXCERPT = Path(__file__).parents[2] / "data/incidents.csv"
pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(db):
    return Account.objects.create(name="Northwind")


def bring_in(path=EXCERPT, until=None):
    call_command("import_incidents", str(path), "--account", "Northwind", *(["--until", until] if until else []))


def everything():
    return [model.objects.count() for model in (Session, Step, Handoff, Event, User)]


def test_every_row_comes_in(northwind, capsys):
    bring_in()
    assert "60 new incidents, 716 rows, 221 handoffs; 0 rows were here already" in capsys.readouterr().out
    assert Session.objects.count() == 60
    assert Step.objects.count() == 716
    assert Handoff.objects.escalations().count() == 221
    assert not Session.objects.exclude(status="resolved").exists()
    assert not consistency.inconsistent_sessions().exists()


def test_it_rings_nobody_and_sends_nothing(northwind, settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-test"
    person(northwind, "Bo")
    bring_in()
    assert not Event.objects.unrelayed().exists()
    assert [kind.objects.count() for kind in (Notification, Delivery, Summary)] == [0, 0, 0]


def test_people_are_deactivated_without_address_or_password(northwind):
    bring_in()
    people = User.objects.filter(account=northwind)
    assert people.count() > 50
    assert not people.filter(is_active=True).exists()
    assert not people.exclude(email=None).exists()
    assert not any(user.has_usable_password() for user in people)


def test_events_carry_their_own_time_in_order_without_holes(northwind):
    bring_in()
    events = Event.objects.filter(account=northwind)
    assert list(events.values_list("seq", flat=True)) == list(range(1, events.count() + 1))
    session = Session.objects.order_by("created_at", "id").first()
    opened = Event.objects.get(session_id=session.pk, kind="session.opened")
    assert opened.at == session.created_at
    assert opened.at < datetime(2017, 3, 1, tzinfo=UTC)
    northwind.refresh_from_db()
    assert northwind.last_seq == events.count()


def test_twice_adds_nothing(northwind):
    bring_in()
    before = everything()
    bring_in()
    assert everything() == before


def test_until_and_on_gives_the_same_as_at_once(northwind):
    bring_in(until="2016-03-04T12:00")
    assert 0 < Session.objects.unfinished().count() < 60
    assert Handoff.objects.waiting().exists()
    assert not consistency.inconsistent_sessions().exists()
    bring_in(until="2016-03-20T00:00")
    bring_in()
    stepwise = Counter(Event.objects.values_list("kind", flat=True))
    shape = sorted(Handoff.objects.values_list("session__psa_ticket_id", "intent", "opened_at", "closed_reason"))
    Account.objects.filter(name="Northwind").update(name="Stepwise")
    at_once = Account.objects.create(name="Northwind")
    bring_in()
    assert Counter(Event.objects.filter(account=at_once).values_list("kind", flat=True)) == stepwise
    handoffs = Handoff.objects.filter(account=at_once)
    assert sorted(handoffs.values_list("session__psa_ticket_id", "intent", "opened_at", "closed_reason")) == shape


def test_a_sweep_between_two_imports_changes_nothing(northwind, capsys):
    person(northwind, "Bo")
    bring_in(until="2016-03-04T12:00")
    assert Handoff.objects.claimed().exists()
    before = everything()
    sweep(do_it)
    assert everything() == before
    assert not Notification.objects.exists()
    bring_in()
    assert "left alone" not in capsys.readouterr().err
    assert Step.objects.count() == 716


def test_the_imported_queue_can_be_worked_and_is_then_left_alone(northwind, capsys):
    bring_in(until="2016-03-04T12:00")
    bo = person(northwind, "Bo")
    handoff = Handoff.objects.waiting().first()
    with origin.coming_from("web"):
        handoff.claim(bo)
        handoff.session.resolve(bo, resolution="a new cable")
    bring_in()
    assert f"{handoff.session.psa_ticket_id}: worked on here since; left alone" in capsys.readouterr().err
    handoff.session.refresh_from_db()
    assert handoff.session.resolution == "a new cable"


def test_claimed_where_a_person_is_named_open_where_not(northwind):
    bring_in(until="2016-03-04T12:00")
    for handoff in Handoff.objects.escalations().unclosed().select_related("session", "claimed_by"):
        assert handoff.target_team is not None
        if handoff.is_claimed:
            assert handoff.session.assignee == handoff.claimed_by


def cut(tmp_path, text):
    path = tmp_path / "export.csv"
    path.write_text(text)
    return path


def with_column(line, index, value):
    columns = line.split(",")
    return ",".join([*columns[:index], value, *columns[index + 1 :]])


def test_bad_rows_are_named_by_line_and_the_rest_goes_in(northwind, tmp_path, capsys):
    lines = EXCERPT.read_text().splitlines()
    lines[3] = with_column(lines[3], 13, "31-13-2016 99:99")
    lines[7] = "INC9,only,three"
    lines[9] = with_column(lines[9], 1, "Dreaming")
    path = cut(tmp_path, "\n".join(lines))
    bring_in(path)
    told = capsys.readouterr()
    assert "line 4: the time '31-13-2016 99:99' is not day-month-year hour:minute; skipped" in told.err
    assert "line 8: the row has too few or too many columns; skipped" in told.err
    assert "line 10: the state 'Dreaming' is not known; skipped" in told.err
    assert Step.objects.count() == 713
    bring_in()  # mended: what came after has moved on, so an earlier row is named, not replayed over it
    assert "an earlier row of an incident that has gone on since" in capsys.readouterr().err
    assert not consistency.inconsistent_sessions().exists()


def test_a_file_cut_in_the_middle_brings_in_what_is_whole(northwind, tmp_path, capsys):
    text = EXCERPT.read_text()
    bring_in(cut(tmp_path, text[: len(text) // 2 + 20]))
    some = Step.objects.count()
    assert 100 < some < 716
    bring_in()
    assert Step.objects.count() == 716


def test_a_truncated_gzip_says_so_and_continues_with_the_whole(northwind, tmp_path):
    whole = gzip.compress(EXCERPT.read_bytes())
    path = tmp_path / "export.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="ends in the middle"):
        bring_in(path)
    assert 0 < Step.objects.count() < 716
    path.write_bytes(whole)
    bring_in(path)
    assert Step.objects.count() == 716


@pytest.mark.parametrize("content", [b"", b"a,b,c\n1,2,3\n", b"\x00\xff\xfe\x00" * 50, b"\x1f\x8bnot gzip at all"])
def test_what_is_no_export_is_refused(northwind, tmp_path, content):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        bring_in(path)
    assert not Session.objects.exists()


def test_unknown_account_and_missing_file(northwind, tmp_path):
    with pytest.raises(CommandError, match="no account"):
        call_command("import_incidents", str(EXCERPT), account="Nobody")
    with pytest.raises(CommandError, match="cannot be read"):
        bring_in(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="soon is no time"):
        bring_in(until="soon")


@pytest.mark.skipif("INCIDENTS" not in os.environ, reason="INCIDENTS does not name the whole file")
def test_the_whole_file(real, northwind):
    """On PostgreSQL: on SQLite, the other tests bring in an eighth of it."""
    path = os.environ["INCIDENTS"]
    bring_in(path, until="2016-03-04T12:00")
    assert Session.objects.unfinished().count() == 401
    assert 45 <= Handoff.objects.waiting().count() <= 55
    bring_in(path)
    assert Session.objects.count() == 890
    assert Step.objects.count() == 5998
    escalations = Handoff.objects.escalations()
    assert (escalations.count(), escalations.values("session").distinct().count()) == (877, 391)
    assert not consistency.inconsistent_sessions().exists()
    before = everything()
    bring_in(path)
    assert everything() == before
