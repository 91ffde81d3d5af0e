"""Time booked in Redmine: of which activity, on which day, whose, and only where it can be found again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from resolutionflow.core.work import GiveUp, Unknown
from sessions_app.psa import TimeEntry
from tests.sessions_app.psa.test_redmine import ROLES, WORKED, provider, real, redmine  # noqa: F401  two are fixtures

ACTIVITIES = [{"id": 8, "name": "Design"}, {"id": 21, "name": "Support"}]


@pytest.mark.parametrize(
    ("option", "defaults", "chosen"),
    [("", ["Support"], 21), ("", [], 8), ("", ["Travel"], 8), ("Design", ["Support"], 8)],
)
def test_time_is_of_the_activity_that_is_named_or_the_default_or_the_first(redmine, option, defaults, chosen):
    """Of the project's own: it may have another number there, or be switched off."""
    redmine["GET /projects/3.json"] = (200, {"project": {"time_entry_activities": ACTIVITIES}})
    known = [{"id": 1, "name": name, "is_default": name in defaults} for name in ("Design", "Support", "Travel")]
    redmine["GET /enumerations/time_entry_activities.json"] = (200, {"time_entry_activities": known})
    comment = "Restarted the VPN service [rf:TTTT4444]"
    redmine["POST /time_entries.json"] = (201, {"time_entry": {"id": 5, "comments": comment}})
    assert provider(activity=option).add_time("48190", WORKED) == "5"
    assert redmine.written == [
        ("/time_entries.json", {"time_entry": {
            "issue_id": 48190, "hours": 0.17, "activity_id": chosen, "spent_on": "2026-11-23", "comments": comment,
        }})
    ]  # fmt: skip


@pytest.mark.parametrize("may", [True, False])
def test_time_is_a_technicians_where_our_user_may_book_for_others(redmine, may):
    """Otherwise Redmine leaves `user_id` out in silence: it is not sent, and the time is our user's."""
    if may:
        rights = [*ROLES[5]["permissions"], "log_time_for_other_users"]
        redmine["GET /roles/5.json"] = (200, {"role": {**ROLES[5], "permissions": rights}})
    redmine["GET /projects/3.json"] = (200, {"project": {"time_entry_activities": ACTIVITIES}})
    redmine["GET /enumerations/time_entry_activities.json"] = (200, {"time_entry_activities": []})
    redmine["POST /time_entries.json"] = (201, {"time_entry": {"id": 5, "comments": "Restarted [rf:TTTT4444]"}})
    provider().add_time("48190", WORKED, technician="7")
    assert redmine.written[0][1]["time_entry"].get("user_id") == ("7" if may else None)


def test_an_activity_that_the_project_does_not_have_is_refused(redmine):
    redmine["GET /projects/3.json"] = (200, {"project": {"time_entry_activities": ACTIVITIES}})
    with pytest.raises(GiveUp, match="no activity “Travel” in the ticket's project"):
        provider(activity="Travel").add_time("48190", WORKED)
    assert redmine.written == []


def test_a_long_text_of_a_time_entry_is_cut_and_its_day_is_where_it_was_worked(redmine):
    redmine["GET /projects/3.json"] = (200, {"project": {"time_entry_activities": ACTIVITIES}})
    redmine["GET /enumerations/time_entry_activities.json"] = (200, {"time_entry_activities": []})
    redmine["POST /time_entries.json"] = (201, {})
    late = datetime(2026, 11, 23, 22, 30, tzinfo=timezone(timedelta(hours=-6)))
    with pytest.raises(Unknown):
        provider().add_time("48190", TimeEntry(61, late, "x" * 3_000, "TTTT4444"))
    sent = redmine.written[0][1]["time_entry"]
    assert (len(sent["comments"]), sent["spent_on"], sent["hours"]) == (1024, "2026-11-23", 1.02)
    assert sent["comments"].endswith("… [rf:TTTT4444]")


def test_time_that_could_not_be_found_again_is_not_booked(redmine):
    """Without the right to see it, a look-up finds none, and it would be booked twice."""
    redmine["GET /roles/5.json"] = (200, {"role": {**ROLES[5], "time_entries_visibility": "own"}})
    with pytest.raises(GiveUp, match=r"Nothing was booked.*View spent time"):
        provider().add_time("48190", WORKED)
    with pytest.raises(GiveUp, match="does not show what was booked"):
        provider().find_time("48190", WORKED.marker)
    assert redmine.written == []


@pytest.mark.redmine
def test_real_time_is_the_technicians_where_our_user_may_book_for_others(real):
    """An administrator may; a developer may not, and Redmine would say nothing of it; of a stranger it takes none."""
    developer, (member, _email), stranger = real.new_key("Developer"), real.technician(), real.me(real.new_key())
    for key, technician, whose in (
        (real.key, member, member),
        (real.key, stranger, real.me(real.key)),
        (developer, member, real.me(developer)),
    ):
        booked = provider(real.url, key).add_time(real.ticket, WORKED, technician=technician)
        assert str(real.get(f"/time_entries/{booked}.json")["time_entry"]["user"]["id"]) == whose
