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
from resolutionflow.core.text import LONG, NOTE, SHORT, one_line
from resolutionflow.web.form_fields import (
    TOO_LONG,
    AlwaysSentCheckbox,
    CorrectionForm,
    FilesField,
    KeyedForm,
    LineField,
    LocalTimeField,
    LogField,
    TextField,
    focus,
)
from sessions_app.errors.lines import log_title
from sessions_app.files.reading import readied
from sessions_app.models import Branch, Domain, PsaConnection, Session, Step
from sessions_app.models.session_facts import DUE_YEARS, NOT_DUE
from sessions_app.pasted import is_log, split_output


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
    psa_ticket_id = LineField(label="Ticket number", limit=SHORT, required=False)
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
            return
        self.choices_of("psa_connection").queryset = known.filter(Q(is_active=True) | Q(pk=now.pk if now else None))
        if len(active) == 1:
            self.initial.setdefault("psa_connection", active[0].pk)

    def clean_psa_ticket_id(self) -> str:
        return str(self.cleaned_data["psa_ticket_id"]).removeprefix("#")

    def clean_due_at(self) -> datetime | None:
        typed: datetime | None = self.cleaned_data["due_at"]
        if typed and typed.year not in DUE_YEARS:
            raise forms.ValidationError(NOT_DUE)
        return typed

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

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
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
        if self.data.get("second") == self.second:
            return []
        found = Session.objects.visible_to(self.user).already_open(
            ticket=facts.get("psa_ticket_id", ""),
            connection=facts.get("psa_connection"),
            client=facts.get("client_name", ""),
            device=facts.get("asset_name", ""),
        )
        if key := facts.get("form_key"):
            found = found.exclude(started_by=self.user, form_key=key)  # made by the first click of two
        return first_rows(found.select_related("assignee", "psa_connection").order_by("-updated_at", "-id"), 3)

    @property
    def second(self) -> str:
        """What the button for a second session says: of which facts. Of others it is asked again."""
        names = ("psa_ticket_id", "psa_connection", "client_name", "asset_name")
        facts = [str(self.cleaned_data.get(name) or "").lower() for name in names]
        return sha256("\n".join(facts).encode()).hexdigest()[:16]

    def _suggested(self) -> str:
        """A problem in one line where none was typed: the log's first error, or the ticket's number."""
        match self.cleaned_data.get("intake"):
            case Session.Intake.LOG_PASTE:
                return log_title(self.cleaned_data.get("intake_text", ""))
            case Session.Intake.TICKET if ticket := self.cleaned_data.get("psa_ticket_id"):
                return f"Ticket {ticket}"
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


class BranchChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Branch.objects.none(), required=False, empty_label=None, **kwargs)

    def offer(self, session: Session, branches: list[Branch] | None) -> None:
        """Offer the branches of the session to choose from; `branches` where the page has read them already."""
        self.queryset = session.branches.all()
        if branches is not None:
            self.choices = [(one.pk, one.label) for one in branches]


TEMPORARY = "Temporary: has to be undone later"


class StepForm(KeyedForm):
    """The composer: one thing tried, with how it ended, in one press; or a message."""

    text = TextField(label="What did you try?", rows=2, limit=LONG, error_messages=asks("Say what was tried."))
    free_text = LogField(label="Output or answer", required=False, rows=3)
    kind = forms.ChoiceField(label="Kind", choices=Step.Kind, initial=Step.Kind.ACTION, required=False)
    outcome = forms.ChoiceField(choices=Step.Outcome, required=False)
    branch = BranchChoice(label="Writes to")
    temporary = forms.BooleanField(label=TEMPORARY, required=False)
    options = TextField(
        label="Options, one per line", required=False, rows=3, help_text="For a question with a few answers."
    )
    files = FilesField(label="Files", read=readied)  # type: ignore[assignment]

    def __init__(
        self,
        *args: Any,
        session: Session,
        branches: list[Branch] | None = None,
        to: Branch | None = None,
        **kwargs: Any,
    ) -> None:
        """`to`: the branch it writes to, where that is not the active one."""
        super().__init__(*args, **{"auto_id": "composer_%s", **kwargs})
        self.initial = {"branch": to.pk if to else session.active_branch_id, **self.initial}
        branch = self.fields["branch"]
        assert isinstance(branch, BranchChoice)
        branch.offer(session, branches)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Step.Kind.ACTION

    def clean_outcome(self) -> str:
        return self.cleaned_data["outcome"] or Step.Outcome.PENDING

    def clean_options(self) -> list[dict[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if any(len(line) > SHORT for line in lines):
            raise forms.ValidationError("An option has at most 200 characters.")
        return [{"value": line, "label": line} for line in lines]

    def clean(self) -> dict[str, Any]:
        """A log that was typed or pasted as what was tried is moved to the output."""
        fields = self.cleaned_data
        text = fields.get("text", "")
        is_to_move = len(text) > NOTE or (is_log(text) and "as_typed" not in self.data)
        if is_to_move and not fields.get("free_text", "-"):
            self._move_to_output()
        else:
            self._must_fit(text, NOTE)
        self._ask_for_files_again()
        return fields

    def _ask_for_files_again(self) -> None:
        if self.errors and self.cleaned_data.get("files"):
            self.add_error("files", "Choose the files again: a page cannot keep them.")

    def _must_fit(self, text: str, limit: int) -> None:
        if len(text) > limit:
            sizes = {"show_value": f"{len(text):,}", "limit_value": f"{limit:,}"}
            self.add_error("text", forms.ValidationError(TOO_LONG, code="max_length", params=sizes))

    def _move_to_output(self) -> None:
        line, output = split_output(self.data["text"].replace("\r\n", "\n"))
        self.cleaned_data["text"] = self.fields["text"].clean(line)
        self.cleaned_data["free_text"] = self.fields["free_text"].clean(output)


class MessageForm(StepForm):
    """The composer, sent as a message: what is in the output goes with it, the other fields of a step are ignored."""

    keyed = ("text", "free_text")

    text = TextField(label="Message", rows=2, limit=LONG, required=False)

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if not self.errors:
            fields["text"] = "\n".join(filter(None, (fields["text"], fields["free_text"])))
            if not fields["text"]:
                self.add_error("text", "There is nothing to send yet.")
            self._must_fit(fields.get("text", ""), LONG)
        self._ask_for_files_again()
        return fields


class StepChangeForm(CorrectionForm):
    """Change a step's outcome, choice, answer, text, or whether it is temporary: fields that were not sent stay as they
    are."""

    text = TextField(label="What was tried", rows=3, error_messages=asks("Say what was tried."))
    outcome = forms.ChoiceField(
        label="Outcome", choices=Step.Outcome, help_text="Worked: it helped. Ruled out: it was fine, not the cause."
    )
    selected_option = forms.ChoiceField(label="Choice", required=False)
    free_text = LogField(label="Output or answer", required=False, rows=6)
    temporary = forms.BooleanField(label=TEMPORARY, required=False, widget=AlwaysSentCheckbox)

    def __init__(self, *args: Any, step: Step, user: User, **kwargs: Any) -> None:
        written = {name: getattr(step, name) for name in self.base_fields if name != "shown"}
        written["free_text"] = step.output  # saved as it is shown here, what is stored stays as it came
        super().__init__(*args, **{"initial": written, **kwargs})
        self._offer_options(step)
        focus(self, "text" if step.author_id == user.pk else "outcome")
        if self.is_bound:
            for name in set(self.fields) - set(self.data):
                del self.fields[name]
        elif step.author_id != user.pk:
            del self.fields["text"]

    def _offer_options(self, step: Step) -> None:
        if not step.options:
            del self.fields["selected_option"]
            return
        option = self.fields["selected_option"]
        assert isinstance(option, forms.ChoiceField)
        option.choices = [("", "None yet"), *((one["value"], one["label"]) for one in step.options)]


class BranchForm(KeyedForm):
    """Add a branch: one more possible cause."""

    label = LineField(label="Possible cause", limit=SHORT, error_messages=asks("Say what this branch supposes."))
    parent = BranchChoice(label="Under")

    def __init__(self, *args: Any, session: Session, branches: list[Branch] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "branch_%s", **kwargs})
        self.initial = {"parent": session.active_branch_id, **self.initial}
        parent = self.fields["parent"]
        assert isinstance(parent, BranchChoice)
        parent.offer(session, branches)


class BranchChangeForm(forms.Form):
    """Set the status of a branch; none is preselected."""

    status = forms.ChoiceField(
        label="Branch status",
        choices=Branch.Status,
        widget=forms.RadioSelect,
        error_messages=asks("Choose a status."),
    )
    reason = TextField(label="Why", required=False, rows=2, help_text="A dead end needs it.")

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("status") == Branch.Status.DEAD_END and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say why it leads nowhere, so that nobody walks it again.")
        return self.cleaned_data


class ReasonForm(forms.Form):
    """The reason for abandoning or reopening."""

    reason = TextField(label="Why", rows=3, error_messages=asks("Give a reason."))
