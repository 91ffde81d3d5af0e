"""The wall and the people behind it: Account, Team, User, ApiToken; and Event, the account's ledger."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.translation import gettext_lazy as _

from resolutionflow import bus, clock, doors
from resolutionflow.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.text import SHORT, one_line
from resolutionflow.verbs import verb
from resolutionflow.work import Work

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission

M = TypeVar("M", bound=models.Model)


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone, such as Europe/Oslo."), params={"name": name})


def working_week() -> dict[str, list[str]]:
    """Monday (0) to Friday (4), 08:00 to 18:00: {weekday: [opens, closes]}."""
    return {str(day): ["08:00", "18:00"] for day in range(5)}


def check_business_hours(week: Any) -> None:
    """Raise ValidationError unless it is {weekday "0" to "6": [opens, closes]}."""
    try:
        right = set(week) <= set("0123456") and all(
            time.fromisoformat(opens) < time.fromisoformat(closes) for opens, closes in week.values()
        )
    except (AttributeError, TypeError, ValueError):
        right = False
    if not right:
        raise ValidationError(_('Write weekdays 0 to 6 with hours: {"0": ["08:00", "18:00"]}.'))


def check_holidays(days: Any) -> None:
    """Raise ValidationError unless it is a list of days."""
    try:
        right = isinstance(days, list) and all(date.fromisoformat(day).isoformat() == day for day in days)
    except (TypeError, ValueError):
        right = False
    if not right:
        raise ValidationError(_('Write days as a list: ["2026-12-25"].'))


# --- what belongs to one account ---------------------------------------------------------------


class OwnedQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows of this person's account: the one way any page, API or socket fetches."""
        account_id = getattr(user, "account_id", None)
        return self.filter(account_id=account_id) if account_id else self.none()


class Owned(models.Model):
    """A row of exactly one account."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class Account(models.Model):
    """One MSP. Nothing of one account is ever seen from another."""

    name = models.CharField(max_length=SHORT, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    business_hours = models.JSONField(default=working_week, help_text=_('Weekday 0-6 to ["08:00", "18:00"].'))
    holidays = models.JSONField(default=list, blank=True, help_text=_('Days off: ["2026-12-25"].'))
    widen_after = models.PositiveIntegerField(
        default=10, help_text=_("Minutes a directed handoff waits before it is open to everybody.")
    )
    ai_enabled = models.BooleanField(default=True)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    last_seq = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        wrong = {}
        for name, check in (("business_hours", check_business_hours), ("holidays", check_holidays)):
            try:
                check(getattr(self, name))
            except ValidationError as error:
                wrong[name] = error
        if wrong:
            raise ValidationError(wrong)

    @classmethod
    @verb
    def open(cls, *, name: str, owner_email: str, password: str | None = None) -> tuple[Account, User]:
        """A new account with its owner: what the operator does at the shell."""
        name = one_line(name)
        if not 0 < len(name) <= SHORT:
            raise Invalid(name=f"An account needs a name of at most {SHORT} characters.")
        if cls.objects.filter(name=name).exists():
            raise Invalid(name=f"There is an account named {name} already.")
        account: Account = cls.objects.create(name=name)
        return account, account.add_member(by=None, email=owner_email, role=User.Role.OWNER, password=password)

    @verb
    def add_member(
        self,
        *,
        by: User | None,
        email: str,
        name: str = "",
        role: str = "engineer",
        lead: bool = False,
        teams: Iterable[Team] = (),
        password: str | None = None,
    ) -> User:
        """A new member. Without a password they set one themselves, by the `password_link`."""
        by = self.lock_people(by)
        address = _free_address(email)
        name = one_line(name)[:SHORT] or address.split("@")[0].replace(".", " ").title()
        member = User(account=self, email=address, name=name, role=_role(role), lead=lead)
        member.must_be_changeable_by(by)
        _check_password(password, member)
        member.set_password(password)
        member.save(force_insert=True)
        member.teams.set(self._ours(teams))
        member.changed(by, added=True, role=member.role)
        return member

    @verb
    def add_team(self, *, by: User | None, name: str, members: Iterable[User] = ()) -> Team:
        by = self.lock_people(by)
        team: Team = Team.objects.create(account=self, name=self.free_team_name(name))
        team.members.set(self._ours(members))
        team.changed(by)
        return team

    def lock_people(self, by: User | None) -> User | None:
        """One change of members and teams at a time. Answers who makes it, as they are now; None: the operator."""
        Account.objects.select_for_update(no_key=True).get(pk=self.pk)
        if by is None:
            return None
        by = User.objects.get(pk=by.pk)
        by.must_administer()
        if by.account_id != self.pk and not by.is_superuser:
            raise NotAllowed("This is another account.")
        return by

    def free_team_name(self, name: str, *, of: Team | None = None) -> str:
        name = one_line(name)[:SHORT]
        if not name:
            raise Invalid(name="A team needs a name.")
        if Team.objects.filter(account=self, name=name).exclude(pk=of.pk if of else 0).exists():
            raise Invalid(name="There is a team of this name already.")
        return name

    def _ours(self, rows: Iterable[M]) -> list[M]:
        """Without what belongs to another account."""
        return [row for row in rows if getattr(row, "account_id", None) == self.pk]

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Everything of this account goes, its events too: the only time they may (see migration 0002)."""
        with transaction.atomic():
            _unlock_events(str(self.pk))
            for model in _owned_models():
                model._base_manager.filter(account_id=self.pk).delete()
            deleted = super().delete(using, keep_parents)
            _unlock_events("")
        return deleted

    def next_business_day(self, after: datetime) -> datetime:
        """When this account opens next after the day of `after`: its own zone, hours and holidays."""
        day = after.astimezone(ZoneInfo(self.time_zone)).date()
        for _unused in range(366):
            day += timedelta(days=1)
            hours = self.business_hours.get(str(day.weekday()))
            if hours and day.isoformat() not in self.holidays:
                return self._at(day, hours[0])
        return self._at(day, "08:00")

    def _at(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(self.time_zone))


def _owned_models() -> Iterable[type[Owned]]:
    """Who points before what is pointed at, as PROTECT wants it. A pointer that is only emptied does not count."""
    owned = [model for model in apps.get_models() if issubclass(model, Owned)]
    order: TopologicalSorter[type[Owned]] = TopologicalSorter(dict.fromkeys(owned, ()))
    for model in owned:
        pointers = (field for field in model._meta.fields if isinstance(field, models.ForeignKey))
        for target in (f.related_model for f in pointers if f.remote_field.on_delete is not models.SET_NULL):
            if target in owned and target is not model:
                order.add(target, model)
    return order.static_order()


def _unlock_events(account: str) -> None:
    """Tell PostgreSQL's trigger whose events this transaction may delete."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('resolutionflow.deleting_account', %s, true)", [account])


def _free_address(email: str) -> str:
    """`email` as it is stored, if it is one and nobody has it, in any account."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(email=f"{email or 'Nothing'} is not an e-mail address.") from None
    if User.objects.filter(email=email).exists():
        raise Invalid(email=f"Somebody signs in as {email} already.")
    return email


def _role(name: str) -> User.Role:
    if name not in User.Role.values:
        raise Invalid(role=f"A role is {', '.join(User.Role.values[:-1])} or {User.Role.values[-1]}.")
    return User.Role(name)


def _check_password(password: str | None, user: User) -> None:
    """Raise Invalid for a weak one; None means that there is none yet."""
    try:
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise Invalid(password=" ".join(error.messages)) from None


class Team(Owned):
    """A filter inside an account; it narrows lists, never rights."""

    name = models.CharField(max_length=SHORT)
    members = models.ManyToManyField("accounts.User", related_name="teams", blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="team_name_once_per_account")]

    def __str__(self) -> str:
        return self.name

    @verb
    def change(self, *, by: User | None, name: str, members: Iterable[User]) -> None:
        by = self.account.lock_people(by)
        before = {"name": self.name, "members": self._people()}
        self.name = self.account.free_team_name(name, of=self)
        self.save(update_fields=["name"])
        self.members.set([member for member in members if member.account_id == self.account_id])
        self.changed(by, before=before)

    def changed(self, by: User | None, **facts: Any) -> None:
        facts = {"team": self.pk, "name": self.name, "members": self._people(), **facts}
        Event.record(self.account_id, "member.changed", actor=by, facts=facts)

    def _people(self) -> list[int]:
        return list(self.members.order_by("pk").values_list("pk", flat=True))


# --- people ------------------------------------------------------------------------------------


class UserQuerySet(OwnedQuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def engineers(self) -> Self:
        """Active people who may work sessions and claim."""
        return self.active().filter(role__in=User.WORKING_ROLES)

    def leads(self) -> Self:
        return self.engineers().filter(Q(role__in=User.ADMIN_ROLES) | Q(lead=True))


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a lower-cased e-mail; without a password they cannot sign in until they set one."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The platform's operator: no account, the Django admin only."""
        return self.create_user(email, password, is_superuser=True, role=User.Role.OWNER, **fields)


class User(AbstractBaseUser):
    """A person. The e-mail is the login, unique over all accounts; null for people who never sign in."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        ADMIN = "admin", _("Admin")
        ENGINEER = "engineer", _("Engineer")
        VIEWER = "viewer", _("Viewer")

    WORKING_ROLES = (Role.OWNER, Role.ADMIN, Role.ENGINEER)
    ADMIN_ROLES = (Role.OWNER, Role.ADMIN)

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="members", null=True, blank=True)
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=SHORT)
    time_zone = models.CharField(
        max_length=64, blank=True, validators=[check_time_zone], help_text=_("Empty: the account's.")
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.ENGINEER)
    lead = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False, editable=False)
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

    # what is one's own

    @property
    def home(self) -> int:
        """The id of their account. Only the operator has none, and no verb of an account lets the operator in."""
        assert self.account_id is not None
        return self.account_id

    @verb
    def change_profile(self, *, name: str, time_zone: str) -> None:
        before = {"name": self.name, "time_zone": self.time_zone}
        self.name, self.time_zone = one_line(name)[:SHORT] or self.name, time_zone
        self.save(update_fields=["name", "time_zone"])
        self.changed(self, before=before)

    @verb
    def change_password(self, password: str) -> None:
        """Only this field: a whole save would undo a role changed, or a person deactivated, meanwhile."""
        self.set_password(password)
        self.save(update_fields=["password"])
        if self.account_id:
            self.changed(self, password=True)

    # membership; `by` None is the operator at the shell

    @verb
    def change_membership(
        self,
        *,
        by: User | None,
        role: str | None = None,
        lead: bool | None = None,
        name: str | None = None,
        teams: Iterable[Team] | None = None,
    ) -> Event:
        """Change role, lead flag, name or teams. Owners are changed by owners; one active owner stays."""
        by = self._lock(by)
        before = {"role": self.role, "lead": self.lead, "name": self.name}
        if role is not None and role != self.role:
            self._change_role(_role(role), by)
        self.lead = self.lead if lead is None else lead
        self.name = self.name if name is None else one_line(name)[:SHORT] or self.name
        self.save(update_fields=["role", "lead", "name"])
        if teams is not None:
            self.teams.set([team for team in teams if team.account_id == self.account_id])
        return self.changed(by, before=before, role=self.role)

    def _change_role(self, role: User.Role, by: User | None) -> None:
        self.must_be_changeable_by(by)
        if self.role == self.Role.OWNER:
            self._must_leave_an_owner()
        self.role = role
        self.must_be_changeable_by(by)  # to make somebody owner takes an owner, too

    @verb
    def deactivate(self, *, by: User | None) -> Event:
        """No more sign-in. Their sockets close, their claims go back to the queue (the relay does that)."""
        by = self._lock(by)
        self.must_be_changeable_by(by)
        self._must_leave_an_owner()
        if not self.is_active:
            raise WrongState(f"{self.name} is deactivated already.")
        self.is_active = False
        self.save(update_fields=["is_active"])
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
        """A new one-time link for a member who has set no password yet."""
        by = self._lock(by)
        self.must_be_changeable_by(by)
        if not self.is_active:
            raise WrongState(f"{self.name} is deactivated.")
        if self.has_usable_password():
            raise WrongState(f"{self.name} has a password. “Forgot your password?” at sign-in mails a new link.")
        self.changed(by, invited=True)
        return self.password_link()

    def password_link(self) -> str:
        """A link to set a password with: for once, and for settings.PASSWORD_RESET_TIMEOUT."""
        key = {"uidb36": int_to_base36(self.pk), "key": default_token_generator.make_token(self)}
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)

    def must_be_changeable_by(self, by: User | None) -> None:
        """Raise NotAllowed unless `by` may change somebody of this role."""
        if self.role == self.Role.OWNER and by and by.role != self.Role.OWNER and not by.is_superuser:
            raise NotAllowed("Only an owner can change owners.")

    def _lock(self, by: User | None) -> User | None:
        """Lock the account's people, and read this one afresh: two owners cannot step down at the same moment."""
        assert self.account is not None
        by = self.account.lock_people(by)
        self.refresh_from_db(fields=["role", "lead", "name", "is_active", "password"])
        return by

    def _must_leave_an_owner(self) -> None:
        if self.role != self.Role.OWNER or not self.is_active:
            return
        owners = User.objects.active().filter(account=self.account, role=self.Role.OWNER)
        if not owners.exclude(pk=self.pk).exists():
            raise WrongState("An account keeps one active owner. Make somebody else owner first.")

    def changed(self, by: User | None, *, kind: str = "member.changed", **facts: Any) -> Event:
        return Event.record(self.home, kind, actor=by, facts={"member": self.pk, "name": self.name, **facts})


class PasswordMail(Work):
    """Somebody asked for a link to set a new password.

    Whether anybody has the address is found out by the worker: the page does the same for
    everybody, in the same time.
    """

    task = "accounts.mail_password_link"

    address = models.EmailField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="password_mail_due", condition=Q(status__in=("pending", "running", "sending"))
            )
        ]

    def __str__(self) -> str:
        return self.address

    @classmethod
    def ask(cls, address: str) -> None:
        mail: PasswordMail = cls.objects.create(address=address.lower())
        mail.poke()

    def perform(self) -> dict[str, Any]:
        """Nothing is written before it leaves: a second link after a crash does no harm."""
        user = User.objects.active().filter(email=self.address).first()
        if user is not None:
            subject = render_to_string("accounts/password_mail_subject.txt").strip()
            text = render_to_string("accounts/password_mail.txt", {"user": user, "link": user.password_link()})
            send_mail(subject, text, None, [self.address])
        return {}


class ApiTokenQuerySet(OwnedQuerySet["ApiToken"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)


class ApiToken(Owned):
    """A named key for scripts. Only its SHA-256 is stored: the secret has 256 bits, a slow hash adds nothing."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=SHORT)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > clock.now())

    @classmethod
    @verb
    def issue(
        cls, user: User, *, name: str, scope: str = Scope.READ, days: int | None = None, by: User | None = None
    ) -> tuple[ApiToken, str]:
        """A new token and its key, which is shown this once. Viewers get read scope only."""
        if not user.is_active or user.account_id is None:
            raise WrongState("Tokens belong to active members of an account.")
        if scope not in cls.Scope.values:
            raise Invalid(scope="A token's scope is read or write.")
        if days is not None and not 0 < days <= 3650:
            raise Invalid(days="A token lasts from 1 to 3650 days, or for ever when nothing is said.")
        if scope == cls.Scope.WRITE and not user.is_engineer:
            raise NotAllowed("A viewer's token can only read.")
        name = one_line(name)[:SHORT] or "token"
        key = f"rf_{secrets.token_urlsafe(32)}"
        token = cls.objects.create(
            account_id=user.account_id,
            user=user,
            name=name,
            scope=scope,
            digest=cls.digest_of(key),
            hint=key[:8],
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
        Event.record(
            user.account_id, "token.created", actor=by or user, facts={"token": token.pk, "name": name, "scope": scope}
        )
        return token, key

    @classmethod
    def find(cls, key: str) -> ApiToken | None:
        """The live token of this key, with its user and account; None when unknown, expired, revoked or inactive."""
        tokens = cls.objects.select_related("user__account").filter(digest=cls.digest_of(key), revoked_at=None)
        token: ApiToken | None = tokens.filter(user__is_active=True).first()
        if token is None or not token.is_live:
            return None
        token._seen()
        return token

    @verb
    def revoke(self, *, by: User) -> None:
        if by.pk != self.user_id:
            by.must_administer()
        if not type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=clock.now()):
            raise WrongState("This token is revoked already.")
        Event.record(self.account_id, "token.revoked", actor=by, facts={"token": self.pk, "name": self.name})

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    def _seen(self) -> None:
        """Note the use, at most once a minute: a write per request would be a lock per request."""
        now = clock.now()
        if self.last_used_at is None or self.last_used_at < now - timedelta(minutes=1):
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


class IdempotencyKey(models.Model):
    """The first answer to a request that carried this key; see resolutionflow/idempotency.py."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=SHORT)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null only inside the transaction that makes the answer
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


# --- the ledger --------------------------------------------------------------------------------


class EventQuerySet(OwnedQuerySet["Event"]):
    def after(self, seq: int) -> Self:
        return self.filter(seq__gt=seq).order_by("seq")

    def unrelayed(self) -> Self:
        return self.filter(relayed_at=None)


class Event(Owned):
    """One row for everything that happened: timeline, audit trail, outbox and source of the metrics.

    `seq` grows by one per event of an account, without holes, in commit order: it comes from the
    account's counter row, updated last in the verb's transaction. Session and handoff are plain
    numbers, so that the ground knows nothing of what stands on it. Append-only: on PostgreSQL a
    trigger refuses DELETE and any UPDATE but `relayed_at` from null.
    """

    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, related_name="+")
    door = models.CharField(max_length=10)
    session_id = models.BigIntegerField(null=True)
    handoff_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    relayed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="event_seq_once_per_account")]
        indexes = [
            models.Index(fields=["session_id", "seq"], name="event_by_session"),
            models.Index(fields=["handoff_id", "seq"], name="event_by_handoff"),
            models.Index(fields=["id"], name="event_unrelayed", condition=Q(relayed_at=None)),
        ]

    def __str__(self) -> str:
        return f"#{self.seq} {self.kind}"

    @classmethod
    def record(
        cls,
        account_id: int,
        kind: str,
        *,
        actor: User | None,
        session_id: int | None = None,
        handoff_id: int | None = None,
        facts: dict[str, Any] | None = None,
        at: datetime | None = None,
        relayed: bool = False,
    ) -> Event:
        """Write the account's next event: the last thing a verb does in its transaction.

        The counter row is held only to the commit. `at` and `relayed` are for imports: events
        with a time of their own that ring nobody.
        """
        Account.objects.filter(pk=account_id).update(last_seq=F("last_seq") + 1)
        seq = Account.objects.values_list("last_seq", flat=True).get(pk=account_id)
        now = clock.now()
        event: Event = cls.objects.create(
            account_id=account_id,
            seq=seq,
            kind=kind,
            at=at or now,
            actor=actor,
            door=doors.current(),
            session_id=session_id,
            handoff_id=handoff_id,
            facts=facts or {},
            relayed_at=now if relayed else None,
        )
        if not relayed:
            pk = event.pk
            transaction.on_commit(lambda: bus.ring(account_id, pk))
        return event
