"""Lists of sessions, and searching them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from resolutionflow.accounts.models import OwnedQuerySet, User
from resolutionflow.core.text import clean

if TYPE_CHECKING:
    from sessions_app.models.session import Session  # noqa: F401  named in quotes below


def containing(words: str, *, at: str = "") -> Q:
    """A Q: every word is in the problem, the client, the device or the ticket number of the session at the relation
    `at`."""
    found = Q()
    for word in clean(words).split()[:8]:
        places = {f"{at}{name}__icontains": word for name in ("problem_summary", "client_name", "asset_name")}
        found &= Q(**places, **{f"{at}psa_ticket_id__icontains": word.lstrip("#")}, _connector=Q.OR)
    return found


class SessionQuerySet(OwnedQuerySet["Session"]):
    def unfinished(self) -> Self:
        return self.exclude(status__in=self.model.FINISHED)

    def mine(self, user: User) -> Self:
        return self.filter(assignee=user)

    def with_page(self) -> Self:
        """With everything a page shows of the session itself, in one query."""
        return self.select_related("assignee", "started_by", "team", "psa_connection", "active_branch", "account")

    def search(self, words: str) -> Self:
        """Those with every word in the problem, the client, the device or the ticket number."""
        return self.filter(containing(words))

    def nobodys(self) -> Self:
        """Unfinished sessions whose assignee is deactivated or a viewer by now: for leads to see to."""
        gone = Q(assignee=None) | Q(assignee__is_active=False) | Q(assignee__role=User.Role.VIEWER)
        return self.unfinished().filter(gone)
