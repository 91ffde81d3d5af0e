"""Lists of people, and making one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Q

from resolutionflow.accounts.models.tenancy import OwnedQuerySet

if TYPE_CHECKING:
    from resolutionflow.accounts.models.user import User


class UserQuerySet(OwnedQuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def engineers(self) -> Self:
        """Active people who may work sessions and claim."""
        return self.active().filter(role__in=self.model.WORKING_ROLES)

    def leads(self) -> Self:
        return self.engineers().filter(Q(role__in=self.model.ADMIN_ROLES) | Q(lead=True))

    def on_shift(self) -> Self:
        return self.engineers().filter(off_shift_since=None)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a lower-cased email; without a password they cannot sign in until they set one."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        if password:  # the operator who gives one knows whose address it is
            user.confirmed_email = email.lower()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The platform's operator: no account, the Django admin only."""
        return self.create_user(email, password, is_superuser=True, role=self.model.Role.OWNER, **fields)
