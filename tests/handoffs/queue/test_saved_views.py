"""Looks at the queue kept under a name: one's own, and those the account shares."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff, SavedView
from handoffs.models.saved_view import MOST
from resolutionflow.accounts.models import Event, Team
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import Session

pytestmark = pytest.mark.django_db
SAVE = "/queue/views/"


def views(client, user, query: str = "") -> dict[str, int]:
    """The views on the queue page, with their counts."""
    client.force_login(user)
    return {view.name: count for view, count, _current in client.get(f"/queue/?{query}").context["views"]}


def test_what_is_filtered_now_is_kept_and_counted(client, waiting, bo):
    client.force_login(bo)
    kept = client.post(SAVE, {"name": " Northgate  first ", "query": "sort=wait&client=northgate&after=x&open=4"})
    assert kept["Location"] == "/queue/?client=northgate&sort=wait"
    assert views(client, bo) == {"Northgate first": 1}
    Handoff.escalate(Session.open(bo, problem_summary="x", client_name="Northgate"), bo, notes="x")
    assert views(client, bo) == {"Northgate first": 2}
    assert 'aria-current="page"><bdi>Northgate first' in client.get(kept["Location"]).content.decode()


def test_lanes_are_part_of_a_view(client, claimed, bo):
    SavedView.add(bo, name="Claimed urgent", query="lane=claimed&priority=high")
    SavedView.add(bo, name="Everything", query="")
    assert views(client, bo) == {"Claimed urgent": 1, "Everything": 0}


def test_a_view_is_its_owners_until_it_is_shared(client, bo, cy, eve):
    view = SavedView.add(bo, name="Mine", query="priority=urgent")
    assert views(client, cy) == {}
    assert client.get(f"{SAVE}{view.pk}/").status_code == 404
    view.change(bo, name="Ours", shared=True)
    assert views(client, cy) == {"Ours": 0}
    assert views(client, eve) == {}
    assert client.post(f"{SAVE}{view.pk}/delete/").status_code == 404


def test_only_its_owner_or_a_lead_changes_a_shared_view(client, bo, cy, lea):
    view = SavedView.add(bo, name="Ours", query="", shared=True)
    with pytest.raises(NotAllowed):
        view.change(cy, name="Cy's", shared=True)
    with pytest.raises(NotAllowed):
        view.delete_by(cy)
    view.change(lea, name="Everybody's", shared=True)
    assert views(client, cy) == {"Everybody's": 0}
    view.delete_by(lea)
    assert views(client, bo) == {}


def test_a_viewer_keeps_views_but_shares_none(client, vic):
    client.force_login(vic)
    assert client.post(SAVE, {"name": "Mine", "query": "", "shared": "on"}).status_code == 302
    mine = SavedView.objects.get()
    assert not mine.shared
    with pytest.raises(NotAllowed):
        mine.change(vic, name="Mine", shared=True)
    with pytest.raises(NotAllowed):
        SavedView.add(vic, name="Other", query="", shared=True)


def test_names_are_taken_once_and_the_form_says_so(client, bo, cy):
    SavedView.add(bo, name="Urgent", query="")
    SavedView.add(cy, name="Urgent", query="")
    for name in ("Urgent", "", "x" * 61):
        with pytest.raises(Invalid):
            SavedView.add(bo, name=name, query="")
        client.force_login(bo)
        assert client.post(SAVE, {"name": name, "query": ""}).status_code == 422


def test_the_twenty_first_is_refused_with_what_to_do(client, bo, cy):
    for number in range(MOST):
        SavedView.add(bo, name=f"v{number}", query="", shared=True)
    with pytest.raises(WrongState, match="You have 20 saved views"):
        SavedView.add(bo, name="one more", query="")
    with pytest.raises(WrongState, match="shares 20 views"):
        SavedView.add(cy, name="one more", query="", shared=True)
    SavedView.add(cy, name="one more", query="")
    client.force_login(bo)
    assert client.post(SAVE, {"name": "one more", "query": ""}).status_code == 409


def test_a_view_of_a_team_that_is_gone_still_opens(client, waiting, bo, network):
    other = Team.objects.create(account=bo.account, name="Gone")
    view = SavedView.add(bo, name="Team", query=f"team={other.pk}&priority=high")
    other.delete()
    assert views(client, bo) == {"Team": 1}
    html = client.get(view.get_absolute_url()).content.decode()
    assert "This is not here any more." in html
    assert "VPN drops" in html


def test_what_the_account_shares_is_in_its_ledger(bo, lea):
    mine = SavedView.add(bo, name="Mine", query="")
    mine.change(bo, name="Still mine", shared=False)
    mine.delete_by(bo)
    assert not Event.objects.filter(kind="view.changed").exists()
    ours = SavedView.add(bo, name="Ours", query="", shared=True)
    ours.change(lea, name="Ours too", shared=True)
    ours.change(lea, name="Ours too", shared=False)
    ours.change(bo, name="Ours again", shared=True)
    ours.delete_by(lea)
    assert [event.actor for event in Event.objects.filter(kind="view.changed")] == [bo, lea, lea, bo, lea]


def test_a_view_that_somebody_else_has_just_deleted_says_so(bo, lea):
    view = SavedView.add(bo, name="Ours", query="", shared=True)
    SavedView.objects.get(pk=view.pk).delete_by(lea)
    with pytest.raises(WrongState, match="has been deleted"):
        view.delete_by(bo)
