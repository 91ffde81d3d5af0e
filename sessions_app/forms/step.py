"""The composer, as a step or a message, and the form that changes a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from resolutionflow.accounts.models import User
from resolutionflow.core.text import LONG, NOTE, SHORT, readable
from resolutionflow.web.form_fields import (
    TOO_LONG,
    AlwaysSentCheckbox,
    CorrectionForm,
    FilesField,
    KeyedForm,
    LogField,
    TextField,
    focus,
)
from sessions_app.files import long_output
from sessions_app.files.reading import readied
from sessions_app.forms.branch import BranchChoice
from sessions_app.forms.session import asks
from sessions_app.models import Branch, Session, Step
from sessions_app.pasted import is_log, split_output

TEMPORARY = "Temporary: has to be undone later"
COUNTS = {"data-counts": ""}  # chosen and not sent it is kept as what is typed, static/js/drafts.js


class StepForm(KeyedForm):
    """The composer: one thing tried, with how it ended, in one press; or a message. An output too long for a step is
    among its files."""

    text = TextField(label="What did you try?", rows=2, limit=LONG, error_messages=asks("Say what was tried."))
    free_text = LogField(label="Output or answer", required=False, rows=3, limit=settings.MAX_BODY)
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
        if not self.errors:
            _keep_long_output_apart(fields)
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


def _keep_long_output_apart(fields: dict[str, Any], step: Step | None = None) -> None:
    """An output that is too long for the step goes among its files."""
    if long_output.is_too_long(fields.get("free_text", "")):
        fields["free_text"], whole = long_output.moved(fields["free_text"], step.names_of_files if step else {})
        fields["files"].append(whole)


class MessageForm(StepForm):
    """The composer, sent as a message: what is in the output goes with it, the other fields of a step are ignored."""

    keyed = ("text", "free_text")

    text = TextField(label="Message", rows=2, limit=LONG, required=False)
    free_text = LogField(label="Output or answer", required=False, rows=3)

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if not self.errors:
            fields["text"] = "\n".join(filter(None, (fields["text"], readable(fields["free_text"]))))
            if not fields["text"]:
                self.add_error("text", "There is nothing to send yet.")
            self._must_fit(fields.get("text", ""), LONG)
        self._ask_for_files_again()
        return fields


class StepChangeForm(CorrectionForm):
    """Change a step's outcome, choice, answer, text, or whether it is temporary: fields that were not sent stay as they
    are. An output too long for a step is in `files`."""

    text = TextField(label="What was tried", rows=3, error_messages=asks("Say what was tried."))
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=Step.Outcome,
        help_text="Worked: it helped. Ruled out: it was fine, not the cause.",
        widget=forms.Select(attrs=COUNTS),
    )
    selected_option = forms.ChoiceField(label="Choice", required=False, widget=forms.Select(attrs=COUNTS))
    free_text = LogField(label="Output or answer", required=False, rows=6, limit=settings.MAX_BODY)
    temporary = forms.BooleanField(label=TEMPORARY, required=False, widget=AlwaysSentCheckbox(attrs=COUNTS))

    def __init__(self, *args: Any, step: Step, user: User, **kwargs: Any) -> None:
        self.step = step
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

    def clean(self) -> dict[str, Any]:
        fields = {**super().clean(), "files": []}
        if not self.errors:
            _keep_long_output_apart(fields, self.step)
        return fields

    def _offer_options(self, step: Step) -> None:
        if not step.options:
            del self.fields["selected_option"]
            return
        option = self.fields["selected_option"]
        assert isinstance(option, forms.ChoiceField)
        option.choices = [("", "None yet"), *((one["value"], one["label"]) for one in step.options)]
