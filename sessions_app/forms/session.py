"""Forms of a session. A form with errors keeps everything that was typed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy

from resolutionflow.accounts.models import Team, User
from resolutionflow.core.pagination import first_rows
from resolutionflow.core.text import SHORT, as_id, one_line
from resolutionflow.web.form_fields import (
    CorrectionForm,
    KeyedForm,
    LineField,
    LocalTimeField,
    LogField,
    TextField,
    focus,
)
from sessions_app.errors.lines import log_title
from sessions_app.models import Domain, PsaConnection, Session, TicketCopy
from sessions_app.models.session_facts import DUE_YEARS, NOT_DUE
from sessions_app.models.session_ticket import placeholder, ticket_problem


def asks(words: Any) -> dict[str, Any]:
    """The arguments of a field whose error, when it is empty, is this sentence."""
    return {"required": words}


CLIENT = {
    "list": "clients",
    "autocomplete": "off",
    "hx-get": reverse_lazy("session_devices"),
    "hx-trigger": "change",
    "hx-target": "#devices",
}
TICKET = {
    "autocomplete": "off",
    "hx-get": reverse_lazy("ticket_lookup"),
    "hx-trigger": "input changed delay:300ms, change from:[name=psa_connection]",
    "hx-include": "[name=psa_connection]",
    "hx-target": "#ticket-lookup",
    "hx-sync": "#ticket-lookup:replace",
}
DEVICE = {"list": "devices", "autocomplete": "off"}


def suggested_devices(user: User, client: str) -> list[str]:
    """The devices of this client; of the whole account where none is said."""
    sessions, client = Session.objects.visible_to(user), one_line(client)
    names: list[str] = (sessions.of_client(client) if client else sessions).names("asset_name")
    return names


class FactsForm(forms.Form):
    """The facts of a problem: asked when a session is opened, corrected later."""

    problem_summary = LineField(
        label="Problem",
        help_text="One line: what does not work, and for whom.",
        error_messages=asks("Say what the problem is."),
    )
    problem_domain = forms.ChoiceField(label="Domain", choices=Domain, initial=Domain.OTHER)
    client_name = LineField(label="Client", limit=SHORT, required=False, widget=forms.TextInput(attrs=CLIENT))
    asset_name = LineField(label="Device", limit=SHORT, required=False, widget=forms.TextInput(attrs=DEVICE))
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", required=False, empty_label="No team")
    psa_ticket_id = LineField(label="Ticket number", limit=SHORT, required=False, widget=forms.TextInput(attrs=TICKET))
    psa_connection = forms.ModelChoiceField(
        PsaConnection.objects.none(), label="Ticket system", required=False, empty_label="None"
    )

    contact = LineField(
        label="Contact", limit=SHORT, required=False, help_text="Who at the client, how and when to reach them."
    )
    access = LineField(
        label="Access",
        required=False,
        help_text="How to get onto the device; a https link opens the remote tool.",
    )
    due_at = LocalTimeField(label="Due", required=False, help_text="When it has to be solved.")
    changed_before = LineField(label="Changed before", required=False, help_text="What changed before it began.")
    MORE: ClassVar = ("contact", "access", "due_at", "changed_before")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.choices_of("team").queryset = Team.objects.visible_to(user)
        self._offer_connections(user)

    def choices_of(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def _offer_connections(self, user: User) -> None:
        """Ask for the ticket system only where the account has one; where it has just one, that is chosen. The
        session's own is offered even when it is switched off, so that correcting another field does not lose it."""
        known = PsaConnection.objects.visible_to(user)
        active = list(known.filter(is_active=True))
        now = self.initial.get("psa_connection")
        if not active and now is None:
            del self.fields["psa_connection"]
            self.fields["psa_ticket_id"].widget = forms.TextInput()
            return
        self.choices_of("psa_connection").queryset = known.filter(Q(is_active=True) | Q(pk=now.pk if now else None))
        if len(active) == 1:
            self.initial.setdefault("psa_connection", active[0].pk)

    def clean_psa_ticket_id(self) -> str:
        return str(self.cleaned_data["psa_ticket_id"]).removeprefix("#")

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        number, unchanged = fields.get("psa_ticket_id", ""), self.initial.get("psa_ticket_id")
        problem = ticket_problem(fields.get("psa_connection"), number) if number and number != unchanged else ""
        if problem:
            self.add_error("psa_ticket_id", problem)
        return fields

    def clean_due_at(self) -> datetime | None:
        typed: datetime | None = self.cleaned_data["due_at"]
        if typed and typed.year not in DUE_YEARS:
            raise forms.ValidationError(NOT_DUE)
        return typed

    def typed_facts(self, copy: TicketCopy) -> dict[str, str]:
        """What a ticket says, by the names of this form's fields, as a browser has them."""
        told = {name: value for name, value in copy.facts().items() if name in self.fields and name != "intake_text"}
        return {name: str(_as_typed(self.fields[name], value)) for name, value in told.items()}

    # what the page asks

    def has_more(self) -> bool:
        """Whether any of what is seldom asked has a value or an error."""
        return any(self[name].value() or self[name].errors for name in self.MORE)

    def clients(self) -> list[str]:
        """To be suggested: nobody shall make a second client by a typing error."""
        names: list[str] = Session.objects.visible_to(self.user).names("client_name")
        return names

    def devices(self) -> list[str]:
        return suggested_devices(self.user, str(self["client_name"].value() or ""))


def _as_typed(field: forms.Field, value: Any) -> Any:
    return field.widget.format_value(field.prepare_value(value)) if isinstance(value, datetime) else value


STARTS = [(one.value, one.label) for one in (Session.Intake.FREE_TEXT, Session.Intake.LOG_PASTE, Session.Intake.TICKET)]


class SessionForm(KeyedForm, FactsForm):
    """Open a session: from a description, a log or a ticket."""

    STARTS_AT: ClassVar = {Session.Intake.LOG_PASTE: "intake_text", Session.Intake.TICKET: "psa_ticket_id"}

    intake = forms.ChoiceField(
        label="Start from", choices=STARTS, initial=Session.Intake.FREE_TEXT, widget=forms.RadioSelect
    )
    intake_text = LogField(
        label="Log", required=False, help_text="Paste it whole: up to 200,000 characters are kept as they are."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem_summary"].required = False  # asked for in clean(): a log or a ticket may stand for it
        if not self.is_bound:
            focus(self, self.STARTS_AT.get(self.initial.get("intake", ""), "problem_summary"))

    def mark_filled(self) -> None:
        """For the page: the ticket is looked up as it opens, and fields that say what it says give way when another
        number is typed."""
        if not self["psa_ticket_id"].value() or "psa_connection" not in self.fields:
            return
        self.fields["psa_ticket_id"].widget.attrs["hx-trigger"] += ", load"
        named = {
            "connection": as_id(str(self["psa_connection"].value())),
            "number": one_line(str(self["psa_ticket_id"].value())),
        }
        copy: TicketCopy | None = TicketCopy.objects.visible_to(self.user).filter(**named).first()
        if copy is None:
            return
        for name, value in self.typed_facts(copy).items():
            if self[name].value() in (value, copy.facts()[name]):
                self.fields[name].widget.attrs["data-filled"] = value

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        intake = fields.get("intake")
        if intake == Session.Intake.LOG_PASTE and not fields.get("intake_text") and "intake_text" not in self.errors:
            self.add_error("intake_text", "Paste the log, or start from free text.")
        if intake == Session.Intake.TICKET and not fields.get("psa_ticket_id") and "psa_ticket_id" not in self.errors:
            self.add_error("psa_ticket_id", "Give the number of the ticket.")
        if "problem_summary" not in self.errors and not fields.get("problem_summary"):
            fields["problem_summary"] = self._suggested()
            if not fields["problem_summary"]:
                self.add_error("problem_summary", "Say what the problem is.")
        return fields

    def already_open(self) -> list[Session]:
        """Unfinished sessions on the same ticket, or on the same device of the same client; none where the button that
        was pressed said that this shall be a second one."""
        facts = self.cleaned_data
        if self.is_second:
            return []
        found = Session.objects.visible_to(self.user).already_open(
            ticket=facts.get("psa_ticket_id", ""),
            connection=facts.get("psa_connection"),
            client=facts.get("client_name", ""),
            device=facts.get("asset_name", ""),
        )
        found = found.but_of_form(self.user, facts.get("form_key"))
        return first_rows(found.select_related("assignee", "psa_connection").order_by("-updated_at", "-id"), 3)

    def open(self) -> Session | None:
        """The session; None where somebody opened one of its ticket since already_open() was asked."""
        opened = Session.open if self.is_second else Session.open_first
        return opened(self.user, **self.cleaned_data)

    @property
    def is_second(self) -> bool:
        return bool(self.data.get("second") == self.second)

    @property
    def second(self) -> str:
        """What the button for a second session says: of which facts. Of others it is asked again."""
        names = ("psa_ticket_id", "psa_connection", "client_name", "asset_name")
        known = self.cleaned_data if self.is_bound else self.initial
        facts = [str(known.get(name) or "").lower() for name in names]
        return sha256("\n".join(facts).encode()).hexdigest()[:16]

    def _suggested(self) -> str:
        """A problem in one line where none was typed: the log's first error, or the ticket's number."""
        match self.cleaned_data.get("intake"):
            case Session.Intake.LOG_PASTE:
                return log_title(self.cleaned_data.get("intake_text", ""))
            case Session.Intake.TICKET if ticket := self.cleaned_data.get("psa_ticket_id"):
                return placeholder(str(ticket))
            case _:
                return ""


class PercentField(forms.IntegerField):
    """A share between 0 and 1, shown and typed in per cent."""

    def prepare_value(self, value: Any) -> Any:
        return round(value * 100) if isinstance(value, float) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else percent / 100


class ChangeForm(CorrectionForm, FactsForm):
    """Correct the facts."""

    confidence = PercentField(
        label="Confidence, %",
        required=False,
        min_value=0,
        max_value=100,
        help_text="How sure you are of the cause. Empty: nobody has said.",
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        facts = {name: getattr(session, name) for name in Session.CHANGEABLE}
        super().__init__(*args, initial=facts, **kwargs)


class ReasonForm(forms.Form):
    """The reason for abandoning or reopening."""

    reason = TextField(label="Why", rows=3, error_messages=asks("Give a reason."))
