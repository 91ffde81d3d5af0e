"""Redmine 5 by its REST API. A private note is internal; any other is seen by whoever sees the issue, and mailed.

Three things of it are dangerous. A wrong key is no error: it is anonymous, and what is public is answered with 200.
What a user may not do is left out of a change in silence, `private_notes` too: the note is then posted publicly. And a
change answers 204 without a body. So each exchange begins by asking who we are, an internal note by proving that it
stays one, and each change ends by reading back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Any

from resolutionflow.core import outgoing_http
from resolutionflow.core.text import as_id, cut, one_line
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa.provider import CannotOwn, Credential, Option, Provider, WrongKind, as_object
from sessions_app.psa.ticket import Technician, TextPart, Ticket, TimeEntry

PAGE, PAGES = 100, 10  # Redmine gives at most 100 of anything at once
TITLE = 255
COMMENT = 1024  # characters of a time entry's comment
_ME = "/users/current.json"

# Rights of a role, as Redmine's own pages name them. What our user is not shown it would post or book a second time.
_NOTE = {
    "add_issue_notes": "Add notes",
    "view_private_notes": "View private notes",
    "set_notes_private": "Set notes as private",
}
_TIME = {"log_time": "Log spent time", "view_time_entries": "View spent time (all time entries)"}
_TIME_OF_OTHERS = {"log_time_for_other_users": "Log spent time for other users"}

NONSENSE = "Redmine's answer makes no sense."


class Redmine(Provider):
    label = "Redmine"
    fields = (
        Credential(
            "key",
            "API access key",
            help="On the account page of a user of Redmine; its administrator allows the REST API under Settings, API. "
            "The user's role needs, in each project: View issues, Edit issues, Add notes, View private notes, Set "
            "notes as private (without it Redmine would show handoffs to the client), Log spent time, View spent time; "
            "and Log spent time for other users, where it is to be the technician's and not this user's.",
        ),
    )
    options = (
        Option("client_field", "Custom field with the client", help="Empty: the project is the client."),
        Option("contact_field", "Custom field with the contact", help="Empty: whoever wrote the issue."),
        Option("phone_field", "Custom field with the contact's phone", help="Empty: none."),
        Option("email_field", "Custom field with the contact's email", help="Empty: none."),
        Option("device_field", "Custom field with the device", help="Empty: tickets name no device."),
        Option("activity", "Activity of time entries", help="Empty: Redmine's default, or else the first."),
    )
    base_url_help = "Where people open Redmine, such as https://redmine.example.com"
    who_sees_time = "Redmine makes no difference: whoever may see spent time there sees it."

    def check(self) -> str:
        """Who we are: Redmine does not say its version. Refused where no project keeps a note internal."""
        if "login" not in self._me:
            raise GiveUp("There is no Redmine at this address.")
        projects = {one["project"]["name"]: self._missing(one["project"]["id"], _NOTE) for one in self._memberships}
        public = sorted(name for name, missing in projects.items() if missing)
        if not self._is_admin and len(public) == len(projects):
            raise GiveUp(f"No handoff could be posted: {self._lacks(_NOTE.values())} in every project.")
        return f"{self.label}, as {self._me['login']}" + (f"; no handoffs in {', '.join(public)}" if public else "")

    def ticket(self, ticket_id: str) -> Ticket:
        return self._ticket(self._issue(ticket_id))

    def search(self, words: str, limit: int = 10) -> list[Ticket]:
        """Redmine looks for the first five words of two letters and more, and takes bars and quotes for its own."""
        wanted = words.lower().replace("|", " ").replace('"', " ").split()
        if not wanted or len(" ".join(wanted)) > TITLE:
            return []
        asked = {"subject": f"~{' '.join(wanted)}", "status_id": "open"}
        newest = {"sort": "updated_on:desc", "limit": str(limit)}
        found = [self._ticket(issue) for issue in self._listed("/issues.json", "issues", {**asked, **newest})]
        return [ticket for ticket in found if all(word in ticket.title.lower() for word in wanted)]

    def post_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        """Who may read private notes is mailed where Redmine's settings say so: the API cannot prevent that."""
        issue = self._issue(ticket_id, "journals")
        self._must_hold(_NOTE, issue, f"Nothing was posted, because {self.label} would show it to the client")
        journal = self._say(issue, part, private=True)
        if journal.get("private_notes") is not True:
            raise self._shown(journal)
        return str(journal["id"])

    def post_public_note(self, ticket_id: str, part: TextPart, *, author: str = "") -> str:
        return str(self._say(self._issue(ticket_id, "journals"), part, private=False)["id"])

    def find_note(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        """One that turns out to be public is taken back here, too: the answer to its posting was lost. Our user may
        have lost the right to see it since: only with the rights by which it was posted is an absent one absent."""
        issue = self._issue(ticket_id, "journals")
        journal = self._journal(issue, marker)
        if journal is None:
            if internal:
                self._must_hold(_NOTE, issue, f"{self.label} does not show whether the note is there")
            return None
        is_private = journal.get("private_notes") is True
        if internal and not is_private:
            raise self._shown(journal)
        if is_private and not internal:
            raise self.wrong_kind(str(journal["id"]), internal=False)
        return str(journal["id"])

    def statuses(self, ticket_id: str) -> list[str]:
        return [str(status["name"]) for status in self._statuses(self._issue(ticket_id))]

    def set_status(self, ticket_id: str, status: str) -> bool:
        """Redmine ignores a status that it does not allow here, and answers 204."""
        issue = self._issue(ticket_id)
        if _name(issue.get("status")).lower() == status.lower():
            return False
        ids = [one["id"] for one in self._statuses(issue) if str(one["name"]).lower() == status.lower()]
        if not ids:
            raise GiveUp(f"{self.label} does not allow the status “{cut(status, 40)}” for this ticket now.")
        self._change(issue, {"status_id": ids[0]})
        now = self._issue(ticket_id).get("status") or {}
        if now.get("id") != ids[0]:
            raise GiveUp(f"{self.label} left the ticket in the status “{_name(now)}”. Check its user's rights.")
        return True

    def technicians(self, emails: Iterable[str] = ()) -> list[Technician]:
        """Clients may be users too. An administrator is shown emails, and so finds our people by their hosts; any other
        sees the members of its own projects, by name."""
        if not self._is_admin:
            paths = [f"/projects/{one['project']['id']}/memberships.json" for one in self._memberships[:PAGES]]
            members = [one["user"] for path in paths for one in self._all(path, "memberships") if "user" in one]
            return [
                Technician(number, name) for number, name in {str(one["id"]): one["name"] for one in members}.items()
            ]
        found = []
        for host in sorted({email.rpartition("@")[2].lower() for email in emails}):
            users = self._all("/users.json", "users", {"name": f"@{host}", "status": "1"})
            found += [user for user in users if str(user.get("mail", "")).lower().endswith(f"@{host}")]
        return [
            Technician(str(one["id"]), f"{one.get('firstname', '')} {one.get('lastname', '')}".strip(), one["mail"])
            for one in found
        ]

    def set_owner(self, ticket_id: str, technician: str) -> bool:
        """By number alone: “me” and "" would mean something to Redmine. Of who is not in the project it says no more
        than that they are invalid, in its own language."""
        number = as_id(technician)
        if number is None:
            raise GiveUp(f"“{cut(technician, 40)}” is not the number of a {self.label} user.")
        issue = self._issue(ticket_id)
        if (issue.get("assigned_to") or {}).get("id") == number:
            return False
        try:
            self._change(issue, {"assigned_to_id": number})
        except GiveUp as error:
            self._must_be_member(number, issue["project"], error)
            raise
        if (self._issue(ticket_id).get("assigned_to") or {}).get("id") != number:
            raise GiveUp(f"{self.label} left the ticket with its owner. Check its user's rights.")
        return True

    def _must_be_member(self, number: int, project: dict[str, Any], refused: GiveUp) -> None:
        """CannotOwn, with what an administrator is to do, where this user is no member of the project."""
        try:
            members = list(self._all(f"/projects/{project['id']}/memberships.json", "memberships"))
        except (GiveUp, Later):  # then what was said first stands
            return
        if number not in [one.get("user", {}).get("id") for one in members]:
            where = f"in {self.label} they are no member of the project “{_name(project)}”"
            why = f"{where}. Its administrator adds them, in a role that is assigned issues."
            raise CannotOwn(why, str(project["id"])) from refused

    def add_time(self, ticket_id: str, entry: TimeEntry, *, technician: str = "") -> str:
        """Booked on the day on which it began, in the zone of `started_at`: Redmine knows no hour. Where our user may
        not book for the technician, it is theirs: Redmine would leave that out in silence. The text says who it was."""
        issue = self._issue(ticket_id)
        self._must_hold(_TIME, issue, "Nothing was booked")
        marker = f" [rf:{entry.marker}]"
        body = {
            "issue_id": issue["id"],
            "hours": round(entry.minutes / 60, 2),
            "activity_id": self._activity(issue["project"]["id"]),
            "spent_on": f"{entry.started_at:%Y-%m-%d}",
            "comments": cut(one_line(entry.text), COMMENT - len(marker)) + marker,
        }
        is_theirs = technician and not self._missing(issue["project"]["id"], _TIME_OF_OTHERS)
        made = self._booked(body, technician if is_theirs else "")
        if not isinstance(made, dict) or not made.get("id") or marker not in str(made.get("comments", "")):
            raise Unknown(NONSENSE)
        return str(made["id"])

    def _booked(self, body: dict[str, Any], technician: str) -> Any:
        """The time entry that was made. Of a technician who may log no time in the project Redmine takes none."""
        try:
            entry = {**body, "user_id": technician} if technician else body
            return as_object(self.write("/time_entries.json", {"time_entry": entry})).get("time_entry")
        except GiveUp:
            if not technician:
                raise
            return self._booked(body, "")

    def find_time(self, ticket_id: str, marker: str, *, internal: bool = True) -> str | None:
        issue = self._issue(ticket_id)
        self._must_hold(_TIME, issue, f"{self.label} does not show what was booked")
        asked = {"issue_id": str(issue["id"]), "comments": f"~{marker}"}
        for entry in self._all("/time_entries.json", "time_entries", asked):
            if f"[rf:{marker}]" in str(entry.get("comments", "")):
                return str(entry["id"])
        return None

    def page(self, ticket_id: str) -> str:
        return f"{self.base_url}/issues/{ticket_id}" if ticket_id.isdecimal() else ""

    # its dialect

    def read(self, path: str, *, params: Mapping[str, str] | None = None) -> outgoing_http.OutgoingResponse:
        """Asks first who we are, once. Every write follows a read."""
        if path != _ME and "login" not in self._me:
            raise Later(NONSENSE)
        return super().read(path, params=params)

    @cached_property
    def _me(self) -> dict[str, Any]:
        """Our user; 401 where the key is wrong. {} where this is no Redmine."""
        me = as_object(self.read(_ME, params={"include": "memberships"})).get("user")
        return me if isinstance(me, dict) else {}

    @property
    def _is_admin(self) -> bool:
        return self._me.get("admin") is True

    @property
    def _memberships(self) -> list[dict[str, Any]]:
        return [one for one in self._me.get("memberships") or [] if "project" in one]

    @cached_property
    def _rights_of_roles(self) -> dict[int, set[str]]:
        rights = {}
        for number in sorted({role["id"] for one in self._memberships for role in one["roles"]}):
            role = self._asked(f"/roles/{number}.json", "role")
            rights[number] = set(role.get("permissions") or [])
            if role.get("time_entries_visibility") != "all":
                rights[number].discard("view_time_entries")
        return rights

    def _missing(self, project: int, rights: Mapping[str, str]) -> list[str]:
        """Which of these our user is not known to have in this project."""
        if self._is_admin:
            return []
        roles = [role["id"] for one in self._memberships if one["project"]["id"] == project for role in one["roles"]]
        held = {right for role in roles for right in self._rights_of_roles[role]}
        return [name for right, name in rights.items() if right not in held]

    def _must_hold(self, rights: Mapping[str, str], issue: dict[str, Any], otherwise: str) -> None:
        missing = self._missing(issue["project"]["id"], rights)
        if missing:
            raise GiveUp(f"{otherwise}: {self._lacks(missing)} in the project “{_name(issue['project'])}”.")

    def _lacks(self, rights: Iterable[str]) -> str:
        return f"the user {self._me['login']} lacks {', '.join(f'“{name}”' for name in rights)}"

    def _say(self, issue: dict[str, Any], part: TextPart, *, private: bool) -> dict[str, Any]:
        """Add a note; its journal as Redmine shows it afterwards. `issue` was read with its journals: where they are
        too long for that, nothing is posted that could not be found."""
        self._change(issue, {"notes": self.as_posted(part).text, "private_notes": private})
        try:
            journal = self._journal(self._issue(str(issue["id"]), "journals"), part.marker)
        except (GiveUp, Later) as error:
            raise Unknown(str(error)) from error
        if journal is None:
            raise GiveUp(f"{self.label} took the note and did not keep it. Check its user's right “Add notes”.")
        return journal

    def _shown(self, journal: dict[str, Any]) -> WrongKind:
        """The error that says that an internal note became a public one, and was taken back."""
        return self.wrong_kind(str(journal["id"]), internal=True, done=self._withdraw(journal))

    def _withdraw(self, journal: dict[str, Any]) -> str:
        """Empty a note, which deletes it; what is to be said of that."""
        try:
            self.write(f"/journals/{journal['id']}.json", {"journal": {"notes": ""}}, method="PUT")
        except (GiveUp, Later, Unknown):
            return "Delete it there."
        return "It was deleted there, and may have been mailed."

    def _journal(self, issue: dict[str, Any], marker: str) -> dict[str, Any] | None:
        journals = issue.get("journals")
        if not isinstance(journals, list):
            raise Later(NONSENSE)
        return next((one for one in reversed(journals) if f"[rf:{marker}]" in str(one.get("notes") or "")), None)

    def _change(self, issue: dict[str, Any], fields: dict[str, Any]) -> None:
        self.write(f"/issues/{issue['id']}.json", {"issue": fields}, method="PUT")

    def _issue(self, ticket_id: str, include: str = "allowed_statuses") -> dict[str, Any]:
        issue = self._asked(f"/issues/{self.ticket_number(ticket_id)}.json", "issue", {"include": include})
        if "id" not in issue or "project" not in issue:
            raise Later(NONSENSE)
        return issue

    def _statuses(self, issue: dict[str, Any]) -> list[dict[str, Any]]:
        if "allowed_statuses" not in issue:
            raise GiveUp(f"This {self.label} does not say which statuses it allows: it must be version 5 or later.")
        return list(issue["allowed_statuses"])

    def _activity(self, project: int) -> int:
        """Of time entries: what the settings name, else the one marked default, else the first."""
        found = self._asked(f"/projects/{project}.json", "project", {"include": "time_entry_activities"})
        activities = {str(one["name"]): int(one["id"]) for one in found.get("time_entry_activities") or []}
        names = [self.option("activity")]
        if not names[0]:
            all_of_them = self._listed("/enumerations/time_entry_activities.json", "time_entry_activities", {})
            names = [str(one["name"]) for one in all_of_them if one.get("is_default")] + list(activities)
        for name in names:
            if name in activities:
                return activities[name]
        raise GiveUp(f"{self.label} has no activity “{names[0] if names else ''}” in the ticket's project.")

    def _all(self, path: str, key: str, params: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        for page in range(PAGES):
            items = self._listed(path, key, {**(params or {}), "limit": str(PAGE), "offset": str(page * PAGE)})
            yield from items
            if len(items) < PAGE:
                return

    def _listed(self, path: str, key: str, params: Mapping[str, str]) -> list[dict[str, Any]]:
        items = as_object(self.read(path, params=params)).get(key)
        if not isinstance(items, list):
            raise Later(NONSENSE)
        return [item for item in items if isinstance(item, dict)]

    def _asked(self, path: str, key: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        found = as_object(self.read(path, params=params)).get(key)
        if not isinstance(found, dict):
            raise Later(NONSENSE)
        return found

    def _ticket(self, issue: dict[str, Any]) -> Ticket:
        number, status = str(issue["id"]), issue.get("status") or {}
        project = _name(issue.get("project"))
        return Ticket(
            number,
            str(issue.get("subject") or ""),
            description=str(issue.get("description") or "").replace("\r\n", "\n"),
            client=self._field(issue, "client_field") or project,
            contact=self._field(issue, "contact_field") or _name(issue.get("author")),
            phone=self._field(issue, "phone_field"),
            email=self._field(issue, "email_field"),
            device=self._field(issue, "device_field"),
            queue=project,
            status=_name(status),
            is_closed=status.get("is_closed") is True,
            owner=_name(issue.get("assigned_to")),
            due_at=_end_of(issue.get("due_date")),
            link=self.page(number),
        )

    def _field(self, issue: dict[str, Any], option: str) -> str:
        """What stands in the custom field that this option names; "" where none does."""
        wanted = self.option(option).lower()
        for field in issue.get("custom_fields") or []:
            if wanted and str(field.get("name", "")).lower() == wanted:
                value = field.get("value") or ""
                return ", ".join(value) if isinstance(value, list) else str(value)
        return ""

    def headers(self) -> dict[str, str]:
        return {"X-Redmine-API-Key": str(self.credentials.get("key", "")), "Accept": "application/json"}

    def reason(self, answer: outgoing_http.OutgoingResponse) -> str:
        """What a 422 says. A 403 and a 404 have no body; broken JSON is answered with a page."""
        errors = as_object(answer).get("errors")
        return " ".join(f"{error}." for error in errors) if isinstance(errors, list) else ""


def _name(of: Any) -> str:
    return str(of.get("name") or "") if isinstance(of, dict) else ""


def _end_of(day: Any) -> datetime | None:
    """A due date is a day without a zone: it is due when that day ends in UTC, and not before it has begun anywhere."""
    try:
        return datetime.combine(datetime.fromisoformat(str(day)), time(23, 59), UTC)
    except ValueError:
        return None
