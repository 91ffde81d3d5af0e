"""Lists of sessions, searching them, and what the sessions of an account know of its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import F, Q, Value, Window
from django.db.models.functions import Lower, Replace, RowNumber

from resolutionflow.accounts.models import OwnedQuerySet, User
from resolutionflow.core.text import clean

if TYPE_CHECKING:
    from sessions_app.models.psa import PsaConnection
    from sessions_app.models.session import Session  # noqa: F401  named in quotes below


RECENT = 5_000  # sessions: the names in these are suggested


def containing(words: str, *, at: str = "") -> Q:
    """A Q: every word is in the problem, the client, the device or the ticket number of the session at the relation
    `at`."""
    found = Q()
    for word in clean(words).split()[:8]:
        places = {f"{at}{name}__icontains": word for name in ("problem_summary", "client_name", "asset_name")}
        found &= Q(**places, **{f"{at}psa_ticket_id__icontains": word.lstrip("#")}, _connector=Q.OR)
    return found


def spelling(name: str | Value) -> Lower:
    """An expression: the text of a column, or a value, as it is compared, without regard to case and blanks."""
    return Lower(Replace(name, Value(" "), Value("")))


class SessionQuerySet(OwnedQuerySet["Session"]):
    def unfinished(self) -> Self:
        return self.filter(status__in=self.model.UNFINISHED)

    def mine(self, user: User) -> Self:
        return self.filter(assignee=user)

    def with_page(self) -> Self:
        """With everything a page shows of the session itself, in one query."""
        return self.select_related(
            "assignee", "started_by", "team", "psa_connection", "ticket_copy", "active_branch", "account"
        )

    def search(self, words: str) -> Self:
        """Those with every word in the problem, the client, the device or the ticket number."""
        return self.filter(containing(words))

    def nobodys(self) -> Self:
        """Unfinished sessions whose assignee is deactivated or a viewer by now: for leads to see to."""
        gone = Q(assignee=None) | Q(assignee__is_active=False) | Q(assignee__role=User.Role.VIEWER)
        return self.unfinished().filter(gone)

    def newest_of_each(self, name: str) -> Self:
        """One session for each `client_name` or `asset_name` there is, the newest: names that differ in case or blanks
        alone are one, as it was written last."""
        nth = Window(RowNumber(), partition_by=[spelling(name)], order_by=[F("updated_at").desc(), F("id").desc()])
        newest = self.exclude(**{name: ""}).order_by().annotate(nth=nth).filter(nth=1)
        return self.filter(pk__in=newest.values("pk"))

    def names(self, name: str, most: int = 200) -> list[str]:
        """The clients or devices of the newest of these sessions, the newest first: what a form suggests. However many
        sessions there are, it reads RECENT."""
        recent = self.exclude(**{name: ""}).order_by("-updated_at", "-id").values_list(name, flat=True)[:RECENT]
        newest: dict[str, str] = {}  # by how each is compared
        for text in recent:
            newest.setdefault(text.replace(" ", "").lower(), text)
        return list(newest.values())[:most]

    def of_client(self, name: str) -> Self:
        return self.alias(client=spelling("client_name")).filter(client=spelling(Value(name)))

    def already_open(
        self, *, ticket: str = "", connection: PsaConnection | None = None, client: str = "", device: str = ""
    ) -> Self:
        """Unfinished sessions on the same ticket, or on the same device of the same client; none where neither is
        given. A ticket without its system may be of any."""
        same, ticket = Q(), ticket.removeprefix("#")
        if ticket:
            number = Q(psa_ticket_id__iexact=ticket) | Q(psa_ticket_id__iexact=f"#{ticket}")
            same |= number & (Q(psa_connection=connection) | Q(psa_connection=None) if connection else Q())
        if client and device:
            same |= Q(client=spelling(Value(client)), device=spelling(Value(device)))
        if not same:
            return self.none()
        spelled = self.unfinished().alias(client=spelling("client_name"), device=spelling("asset_name"))
        return spelled.filter(same)

    def but_of_form(self, user: User, form_key: UUID | None) -> Self:
        """Without the one that this form of the person has made already: by the first click of two."""
        return self.exclude(started_by=user, form_key=form_key) if form_key else self
