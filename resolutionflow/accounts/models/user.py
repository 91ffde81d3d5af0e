"""User: a person, what their role may, and how their membership changes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import int_to_base36

from resolutionflow.accounts.models.business_hours import check_time_zone
from resolutionflow.accounts.models.event import Event
from resolutionflow.accounts.models.password_links import password_links
from resolutionflow.accounts.models.phone import PHONE, check_phone, cleaned_phone, phone_address
from resolutionflow.accounts.models.user_queryset import UserManager, UserQuerySet
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import SHORT, one_line
from resolutionflow.core.verbs import verb

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission

    from resolutionflow.accounts.models.team import Team


def new_stamp() -> str:
    return secrets.token_hex(16)


class User(AbstractBaseUser):
    """A person. The email is the login, unique over all accounts; null for people who never sign in."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        ADMIN = "admin", "Admin"
        ENGINEER = "engineer", "Engineer"
        VIEWER = "viewer", "Viewer"

    WORKING_ROLES = (Role.OWNER, Role.ADMIN, Role.ENGINEER)
    ADMIN_ROLES = (Role.OWNER, Role.ADMIN)

    account = models.ForeignKey("Account", on_delete=models.CASCADE, related_name="members", null=True, blank=True)
    email = models.EmailField(unique=True, null=True, blank=True)
    confirmed_email = models.EmailField(
        blank=True, editable=False, help_text="The address they have shown to be theirs; nothing else is mailed to."
    )
    stamp = models.CharField(max_length=128, default=new_stamp, editable=False)
    name = models.CharField(max_length=SHORT)
    phone = models.CharField(max_length=PHONE, blank=True, validators=[check_phone], help_text="Colleagues see it.")
    time_zone = models.CharField(
        max_length=64, blank=True, validators=[check_time_zone], help_text="Empty: the account's."
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.ENGINEER)
    lead = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False, editable=False)
    off_shift_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(is_superuser=True), name="only_a_superuser_has_no_account"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.email:
            self.email = self.email.lower()

    # what a role may

    @property
    def is_engineer(self) -> bool:
        """May work sessions and claim: engineer, admin or owner, and active."""
        return self.is_active and self.role in self.WORKING_ROLES and self.account_id is not None

    @property
    def is_admin(self) -> bool:
        return self.is_active and self.role in self.ADMIN_ROLES

    @property
    def is_lead(self) -> bool:
        return self.is_engineer and (self.lead or self.role in self.ADMIN_ROLES)

    @property
    def is_staff(self) -> bool:
        """Owner and admin enter the Django admin, each for their own account."""
        return self.is_superuser or self.is_admin

    def has_perm(self, perm: str | Permission, obj: models.Model | None = None) -> bool:
        """Staff see and do in the admin what each ModelAdmin allows; everybody else nothing."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff

    def must_work(self) -> None:
        """Raise NotAllowed for viewers and the deactivated."""
        if not self.is_engineer:
            raise NotAllowed("Viewers can read everything here, but not change it.")

    def must_lead(self) -> None:
        if not self.is_lead:
            raise NotAllowed("Only a lead can do this.")

    def must_administer(self) -> None:
        if not self.is_admin:
            raise NotAllowed("Only an owner or admin can do this.")

    # what is shown

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or (self.account.time_zone if self.account else "UTC"))

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def mention(self) -> str:
        """How a message begins that is for them."""
        return f"@{self.name}"

    @property
    def phone_address(self) -> str:
        """Their phone number as the address of a link; empty where they gave none."""
        return phone_address(self.phone)

    @property
    def is_off_shift(self) -> bool:
        return self.off_shift_since is not None

    @property
    def choice(self) -> str:
        """Their name in a select of people, with a remark where they are off shift."""
        return f"{self.name} (off shift)" if self.is_off_shift else self.name

    def has_left(self, claimed_at: datetime) -> bool:
        """Whether a claim made at `claimed_at` has lost its claimer: deactivated, a viewer by now, or off shift
        since."""
        return not self.is_engineer or (self.off_shift_since is not None and self.off_shift_since >= claimed_at)

    # what is one's own

    @property
    def home(self) -> int:
        """The id of their account. Not for the platform's operator, who has none."""
        assert self.account_id is not None
        return self.account_id

    @verb
    def change_profile(self, *, name: str, time_zone: str, phone: str | None = None) -> None:
        """Change one's own name, time zone and phone number; None leaves the number as it is."""
        self.refresh_from_db(fields=["name", "time_zone", "phone"])  # a verb may be repeated
        before = {"name": self.name, "time_zone": self.time_zone, "phone": self.phone}
        self.name, self.time_zone = one_line(name)[:SHORT] or self.name, time_zone
        self.phone = self.phone if phone is None else cleaned_phone(phone)
        self.save(update_fields=["name", "time_zone", "phone"])
        self.changed(self, before=before)

    def change_password(self, password: str) -> None:
        """Set a new password. It is hashed before the transaction, because hashing takes time."""
        self.set_password(password)
        self._store_password()

    def set_password(self, raw_password: str | None) -> None:
        """Set a new password, and end every sign-in, whichever way it is set (`manage.py changepassword` too)."""
        super().set_password(raw_password)
        self.stamp = new_stamp()

    @verb
    def _store_password(self) -> None:
        """Store the password's columns only: a whole save would undo a change of role or a deactivation made
        meanwhile."""
        self.save(update_fields=["password", "stamp"])
        if self.account_id:
            self.changed(self, password=True)

    def renew_hash(self, password: str) -> None:
        """Hash the same password again at today's cost; no sign-in ends by it.

        Hashing takes time: a password that somebody sets meanwhile stays.
        """
        stored, renewed = self.password, make_password(password)
        if User.objects.filter(pk=self.pk, password=stored).update(password=renewed):
            self.password = renewed

    def check_password(self, raw_password: str | None) -> bool:
        """Whether the password is right. Django's own would store a renewed hash over a password set meanwhile."""
        return check_password(raw_password, self.password, self.renew_hash)

    @verb
    def go_off_shift(self, *, by: User | None = None) -> None:
        """End the shift: what they have claimed goes back to the queue (the relay does that).

        `by` is the admin who does it for somebody who forgot; None: they do it themselves.
        """
        if by is not None and by.pk != self.pk and not self.is_engineer:
            raise WrongState(f"{self.name} claims nothing.")
        self.must_work()
        self._set_shift(clock.now(), by)

    @verb
    def come_back(self) -> None:
        """Be on shift again."""
        self._set_shift(None)

    def _set_shift(self, off_since: datetime | None, by: User | None = None) -> None:
        assert self.account is not None
        by = self.account.lock_people(None if by == self else by, of=self) or self
        self.refresh_from_db(fields=["off_shift_since", "role"])
        self.must_be_changeable_by(by)
        if (self.off_shift_since is None) == (off_since is None) and (off_since is None or by == self):
            return  # but an admin means what they have claimed since, too
        self.off_shift_since = off_since
        self.save(update_fields=["off_shift_since"])
        self.changed(by, off_shift=off_since is not None)

    # signing in

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """The value that every sign-in of theirs must hold: a new stamp ends them all. Django takes it from the
        password's hash; people from before migration 0004 have that as their stamp, so that they stayed signed in."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, self.stamp, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_confirmed(self) -> bool:
        """Whether the address is known to be theirs: they used its link, signed in with it, or the operator set their
        password."""
        return bool(self.email) and self.email == self.confirmed_email

    def confirm(self) -> None:
        """Mark the address as theirs: they have signed in with it."""
        if self.email and not self.is_confirmed:
            self.confirmed_email = self.email
            self.save(update_fields=["confirmed_email"])

    # membership; `by` None is the operator at the shell

    @verb
    def change_membership(
        self,
        *,
        by: User | None,
        role: str | None = None,
        lead: bool | None = None,
        name: str | None = None,
        phone: str | None = None,
        teams: Iterable[Team] | None = None,
    ) -> Event:
        """Change role, lead flag, name, phone number or teams. Owners are changed by owners; one active owner stays."""
        by = self._lock(by)
        self.must_be_changeable_by(by)
        before = {"role": self.role, "lead": self.lead, "name": self.name, "phone": self.phone}
        if role is not None and role != self.role:
            self._change_role(role_named(role), by)
        self.lead = self.lead if lead is None else lead
        self.name = self.name if name is None else one_line(name)[:SHORT] or self.name
        self.phone = self.phone if phone is None else cleaned_phone(phone)
        self.save(update_fields=["role", "lead", "name", "phone"])
        if teams is not None:
            self.teams.set([team for team in teams if team.account_id == self.account_id])
        return self.changed(by, before=before, role=self.role)

    def _change_role(self, role: User.Role, by: User | None) -> None:
        if self.role == self.Role.OWNER:
            self._must_leave_an_owner()
        self.role = role
        self.must_be_changeable_by(by)  # to make somebody owner takes an owner, too

    @verb
    def deactivate(self, *, by: User | None) -> Event:
        """End their access for good: every sign-in, link and API token.

        Their sockets close, their claims go back to the queue (the relay does that).
        """
        by = self._lock(by)
        self.must_be_changeable_by(by)
        self._must_leave_an_owner()
        if not self.is_active:
            raise WrongState(f"{self.name} is deactivated already.")
        self.is_active, self.stamp = False, new_stamp()
        self.save(update_fields=["is_active", "stamp"])
        self.api_tokens.filter(revoked_at=None).update(revoked_at=clock.now())
        return self.changed(by, kind="member.deactivated")

    @verb
    def activate(self, *, by: User | None) -> Event:
        by = self._lock(by)
        self.must_be_changeable_by(by)
        if self.is_active:
            raise WrongState(f"{self.name} is active already.")
        self.is_active = True
        self.save(update_fields=["is_active"])
        return self.changed(by, before={"is_active": False})

    @verb
    def invite_again(self, *, by: User | None) -> str:
        """A new one-time link for a member who has not confirmed their address yet."""
        by = self._lock(by)
        self.must_be_changeable_by(by)
        if not self.is_active:
            raise WrongState(f"{self.name} is deactivated.")
        if self.is_confirmed:
            raise WrongState(f"{self.name} has signed in before. “Forgot password?” at sign-in mails a new link.")
        self.changed(by, invited=True)
        return self.password_link()

    def password_link(self) -> str:
        """A link to set a password with. It works once, for settings.PASSWORD_RESET_TIMEOUT seconds."""
        key = {"uidb36": int_to_base36(self.pk), "key": password_links.make_token(self)}
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)

    def link_asked_for_by(self, by: User) -> str:
        """The link that `by` has just asked for; empty where they may not have it any more."""
        may = (by.is_admin or by.is_superuser) and self.is_changeable_by(by) and self.is_active
        return self.password_link() if may and not self.is_confirmed else ""

    def roles_to_give(self) -> list[tuple[str, Any]]:
        """The roles this person may give a member, as choices: only an owner makes an owner."""
        return [role for role in self.Role.choices if role[0] != self.Role.OWNER or self.role == self.Role.OWNER]

    def is_changeable_by(self, by: User | None) -> bool:
        """Whether `by` may change this member: their name, role, lead flag, teams, shift, keys or sign-in. Owners are
        changed by owners only."""
        return self.role != self.Role.OWNER or by is None or by.role == self.Role.OWNER or by.is_superuser

    def must_be_changeable_by(self, by: User | None) -> None:
        if not self.is_changeable_by(by):
            raise NotAllowed("Only an owner can change owners.")

    def _lock(self, by: User | None) -> User | None:
        """Lock the account's people and read this one afresh, so that two owners cannot step down at once; returns `by`
        afresh."""
        assert self.account is not None
        by = self.account.lock_people(by, of=self)
        changed = ["role", "lead", "name", "phone", "is_active", "password", "email", "confirmed_email"]
        self.refresh_from_db(fields=changed)
        return by

    def _must_leave_an_owner(self) -> None:
        if self.role != self.Role.OWNER or not self.is_active:
            return
        owners = User.objects.active().filter(account=self.account, role=self.Role.OWNER)
        if not owners.exclude(pk=self.pk).exists():
            raise WrongState("An account keeps one active owner. Make somebody else owner first.")

    def changed(self, by: User | None, *, kind: str = "member.changed", **facts: Any) -> Event:
        return Event.record(self.home, kind, actor=by, facts={"member": self.pk, "name": self.name, **facts})


def role_named(name: str) -> User.Role:
    if name not in User.Role.values:
        raise Invalid(role=f"A role is {', '.join(User.Role.values[:-1])} or {User.Role.values[-1]}.")
    return User.Role(name)
