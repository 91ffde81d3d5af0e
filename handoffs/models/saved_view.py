"""SavedView: a lane, filters and a sort of the queue under a name, one person's or shared with the account."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from resolutionflow.accounts.models import Account, Event, Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import one_line
from resolutionflow.core.verbs import verb

MOST = 20  # of one person, and shared in one account: each is counted whenever somebody opens the queue
NAME = 60
QUERY = 4000


class SavedViewQuerySet(OwnedQuerySet["SavedView"]):
    def shown_to(self, user: User) -> Self:
        """Their own views, and those shared in their account."""
        return self.visible_to(user).filter(Q(owner=user) | Q(shared=True))


class SavedView(Owned):
    """A query of the queue, saved under a name.

    One's own views leave no event. Sharing, renaming or deleting a shared view does, because it changes what colleagues
    see.
    """

    name = models.CharField(max_length=NAME)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    query = models.TextField(max_length=QUERY, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_per_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('queue')}?{self.query}" if self.query else reverse("queue")

    def is_open_to(self, user: User) -> bool:
        """Whether this person may change it: its owner, and a shared one every lead."""
        return self.owner_id == user.pk or (self.shared and user.is_lead)

    @classmethod
    @verb
    def add(cls, user: User, *, name: str, query: str, shared: bool = False) -> SavedView:
        """Save a query of the queue, for oneself or shared with the account."""
        if shared:
            user.must_work()
        view = cls(account_id=user.home, owner=user)
        view._lock()
        if cls.objects.filter(owner=user).count() >= MOST:
            raise WrongState(f"You have {MOST} saved views. Delete one you no longer need first.")
        view._set(name=name, query=query, shared=shared)
        if shared:
            view._changed(user)
        return view

    @verb
    def change(self, user: User, *, name: str, shared: bool, query: str | None = None) -> None:
        """Rename it, share it, or stop sharing it."""
        self._lock()
        self._must_be_open_to(user)
        if shared != self.shared:
            user.must_work()
        before = {"name": self.name, "shared": self.shared, "query": self.query}
        self._set(name=name, query=self.query if query is None else query, shared=shared)
        if shared or before["shared"]:
            self._changed(user, before=before)

    @verb
    def delete_by(self, user: User) -> None:
        self._lock()
        self._must_be_open_to(user)
        if self.shared:
            self._changed(user, deleted=True)
        self.delete()

    # the parts verbs are made of

    def _lock(self) -> None:
        """Lock the account's views, so that they can be counted, and read this one afresh."""
        Account.objects.select_for_update(no_key=True).get(pk=self.account_id)
        if self.pk is None:
            return
        try:
            self.refresh_from_db()
        except SavedView.DoesNotExist:
            raise WrongState(f"The view {self.name} has been deleted.") from None

    def _must_be_open_to(self, user: User) -> None:
        if not self.is_open_to(user):
            raise NotAllowed("Only the person who saved this view or a lead can change it.")

    def _set(self, *, name: str, query: str, shared: bool) -> None:
        others = SavedView.objects.filter(account_id=self.account_id).exclude(pk=self.pk)
        name = one_line(name)
        if not 0 < len(name) <= NAME:
            raise Invalid(name=f"A view needs a name of at most {NAME} characters.")
        if others.filter(owner_id=self.owner_id, name=name).exists():
            raise Invalid(name=f"There is a view named {name} already.")
        if len(query) > QUERY:
            raise Invalid(query="These filters are too long to keep. Search for less.")
        if shared and not self.shared and others.filter(shared=True).count() >= MOST:
            raise WrongState(f"This account shares {MOST} views. Delete one that is no longer needed first.")
        self.name, self.query, self.shared = name, query, shared
        self.save(update_fields=["name", "query", "shared"] if self.pk else None)

    def _changed(self, by: User, **facts: Any) -> None:
        facts = {"view": self.pk, "name": self.name, "shared": self.shared, **facts}
        Event.record(self.account_id, "view.changed", actor=by, facts=facts)
