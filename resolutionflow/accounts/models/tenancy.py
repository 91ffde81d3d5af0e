"""Rows that belong to one account, and visible_to(), the one way to fetch them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from resolutionflow.core.refusals import Invalid

if TYPE_CHECKING:
    from resolutionflow.accounts.models.user import User

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows of this person's account: the one way any page, API or socket fetches."""
        account_id = getattr(user, "account_id", None)
        return self.filter(account_id=account_id) if account_id else self.none()

    def by_number(self) -> Self:
        """The same rows, found first, so that an UPDATE checks its conditions on the rows alone, without a join.

        After waiting for a locked row PostgreSQL checks the row again, but not the join or subquery that found it.
        """
        return type(self)(self.model, using=self.db).filter(pk__in=list(self.values_list("pk", flat=True)))


class Owned(models.Model):
    """A row of exactly one account."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    def must_fit(self, *, exclude: Collection[str] = ()) -> None:
        """Raise Invalid for what the columns, clean() or a constraint forbid. Verbs call it before they save, under the
        lock of their account, so that nothing reaches the database that it would refuse with a crash."""
        try:
            self.full_clean(exclude=exclude)
        except ValidationError as error:
            raise Invalid(**{name: " ".join(said) for name, said in error.message_dict.items()}) from None

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, but an error about a name that is taken is put at the field in which it is typed: the
        constraint's last."""
        wrong: dict[str, list[ValidationError]] = {}
        for constraint in self._meta.constraints:
            try:
                constraint.validate(type(self), self, exclude=set(exclude or ()))
            except ValidationError as error:
                named = getattr(constraint, "fields", ())
                wrong.setdefault(named[-1] if named else NON_FIELD_ERRORS, []).append(error)
        if wrong:
            raise ValidationError(wrong)
