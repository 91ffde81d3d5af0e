"""Step: one thing asked, done, checked or run in a session, and how it ended."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.db import models
from django.db.models import Count, QuerySet

from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed
from resolutionflow.core.text import LONG, NOTE, SHORT, as_it_came, clean, cut, one_line, readable
from resolutionflow.core.verbs import verb
from sessions_app.models.branch import Branch
from sessions_app.models.form_key import FormKeyed

# What says of a check that it found the trouble gone.
_FIXED = re.compile(
    r"\b(?:fixed|solved|resolved|cured|helped)\b|\bback (?:up|online|to normal)\b"
    r"|\b(?:works?|working|up|fine|ok|okay|prints?|opens?|connects?|starts?|runs?|syncs?) (?:now|again)\b",
    re.I,
)


class Step(FormKeyed):
    """One thing asked, done, checked or run, and how it ended; referred to as s<order>."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        ACTION = "action", "Action"
        CHECK = "check", "Check"
        SCRIPT = "script", "Script"
        NOTE = "note", "Note"

    class Outcome(models.TextChoices):
        PENDING = "pending", "To do"
        WORKED = "worked", "Worked"
        FAILED = "failed", "Failed"
        RULED_OUT = "ruled_out", "Ruled out"
        INCONCLUSIVE = "inconclusive", "Unclear"
        SKIPPED = "skipped", "Skipped"

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="steps")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="steps", null=True)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ACTION)
    text = models.TextField(max_length=NOTE)
    options = models.JSONField(default=list, blank=True)
    selected_option = models.CharField(max_length=SHORT, blank=True)
    free_text = models.TextField(max_length=LONG, blank=True)
    skipped = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING)
    temporary = models.BooleanField(default=False, help_text="Has to be undone later.")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(
        "Message",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="steps",
        help_text="The message it was made of.",
    )
    created_at = models.DateTimeField(default=clock.now)

    shown_files: list[Any]  # by with_files(), as the next
    kept_files: list[Any]
    shown: str  # by a brief: output, or both ends of a very long one

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["session", "order"], name="step_order_once_per_session"),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_step_per_form"),
            models.UniqueConstraint(fields=["message"], name="one_step_per_message"),
        ]
        indexes = [models.Index(fields=["session", "outcome"], name="step_outcomes")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:60]}"

    @property
    def ref(self) -> str:
        return f"s{self.order}"

    @property
    def as_fact(self) -> dict[str, Any]:
        """This step as an event names it: read later, it says what it said then."""
        return {"step": self.pk, "order": self.order, "text": cut(one_line(self.text).rstrip("."), SHORT)}

    EDITABLE = ("text", "options", "selected_option", "free_text", "skipped", "outcome", "temporary")

    @verb
    def change(self, user: User, **fields: Any) -> None:
        """Outcome, option, answer and whether it is temporary by any engineer, the text by its author; the old value is
        kept in the event."""
        user.must_work()
        fields = self.cleaned(**fields)
        self.session.lock(unfinished=True)
        self.refresh_from_db(fields=self.EDITABLE)
        self._must_be_among(fields.get("options", self.options), fields)
        if fields.get("text", self.text) != self.text and self.author_id != user.pk:
            raise NotAllowed("Only its author can reword a step. Add a note beside it.")
        if fields.get("skipped") is False and "outcome" not in fields and self.outcome == self.Outcome.SKIPPED:
            fields["outcome"] = self.Outcome.PENDING
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: getattr(self, name) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=list(changed))
        self.session.touch()
        self.session.renew_lease(user)
        self.session.record_event("step.changed", user, step=self.pk, order=self.order, before=before, after=changed)

    @property
    def only_showed(self) -> bool:
        """Whether it is a check or a question that worked without a word that something is fixed now: it told
        something, and helped nobody yet."""
        asked = self.kind in (self.Kind.CHECK, self.Kind.QUESTION) and self.outcome == self.Outcome.WORKED
        return asked and not _FIXED.search(f"{self.text}\n{self.selected_option}")

    @property
    def ended(self) -> str:
        """How it ended, in a word: a check that only showed something does not read like the fix."""
        if self.only_showed:
            return "Answered" if self.kind == self.Kind.QUESTION else "Checked"
        return self.get_outcome_display()

    @classmethod
    def cleaned(cls, **fields: Any) -> dict[str, Any]:
        """The fields of a step as they are stored; raises Invalid where they cannot be."""
        for name in {"text", "selected_option"} & set(fields):
            fields[name] = clean(fields[name] or "")
        if "free_text" in fields:
            fields["free_text"] = as_it_came(fields["free_text"] or "")
        if not fields.get("text", "-"):
            raise Invalid(text="Say what was tried.")
        for name, choices in (("kind", cls.Kind), ("outcome", cls.Outcome)):
            if fields.get(name, choices.values[0]) not in choices.values:
                raise Invalid(**{name: f"Choose one of {', '.join(choices.values)}."})
        if "options" in fields:
            fields["options"] = [_option(option) for option in fields["options"]]
            cls._must_be_among(fields["options"], fields)
        return cls._agree_on_skipped(fields)

    @classmethod
    def _agree_on_skipped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Make outcome and flag agree: skipped is both an outcome and a flag."""
        if "outcome" in fields:
            fields["skipped"] = fields["outcome"] == cls.Outcome.SKIPPED
        elif fields.get("skipped"):
            fields["outcome"] = cls.Outcome.SKIPPED
        return fields

    @staticmethod
    def _must_be_among(options: list[dict[str, str]], fields: dict[str, Any]) -> None:
        chosen = fields.get("selected_option")
        if options and chosen and chosen not in [option["value"] for option in options]:
            raise Invalid(selected_option="Choose one of the options.")

    @property
    def names_of_files(self) -> dict[str, str]:
        """Of those it has, by their check sums."""
        return dict(self.files.kept().values_list("sha256", "name"))

    @property
    def output(self) -> str:
        """What came out, as it is shown and sent on; `free_text` is what is stored."""
        return readable(self.free_text)

    @property
    def answer(self) -> str:
        """The label of the option that was chosen."""
        labels = {option["value"]: option["label"] for option in self.options}
        return str(labels.get(self.selected_option, self.selected_option))


def count_outcomes(steps: QuerySet[Step]) -> Counter[str]:
    """How many of these steps ended how, by outcome. One query."""
    return Counter(dict(steps.order_by().values_list("outcome").annotate(count=Count("pk"))))


def that_worked(newest_first: list[Step], branch_id: int | None) -> Step | None:
    """The newest step of this branch that worked, else the newest of any: what is offered as the fix. What only showed
    something fixed nothing."""
    worked = [step for step in newest_first if step.outcome == Step.Outcome.WORKED and not step.only_showed]
    return next((step for step in worked if step.branch_id == branch_id), worked[0] if worked else None)


def _option(option: Any) -> dict[str, str]:
    """An option of a question, as {"value", "label"}."""
    value = one_line(str(option.get("value", ""))) if isinstance(option, dict) else ""
    if not value:
        raise Invalid(options='An option is {"value": …, "label": …}.')
    return {"value": value[:SHORT], "label": one_line(str(option.get("label") or value))[:SHORT]}
