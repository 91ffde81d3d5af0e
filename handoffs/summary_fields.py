"""What the API gives of the AI's summaries and briefings."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from handoffs.models import SummaryVersion
from handoffs.models.feedback import COMMENT
from resolutionflow.api.fields import (
    Body,
    NullableTextField,
    Output,
    PersonOut,
    RedactedOut,
    StoredJson,
    StrictBooleanField,
    StrictNumberField,
    StrictTextField,
    TimeField,
)
from sessions_app.models import Step

SUMMARY_STATES = ["pending", "ready", "failed", "off"]
BRIEFING_STATES = ["not_asked", *SUMMARY_STATES]


class StatementOut(StoredJson):
    """A line of the AI's, and what of the record it rests on."""

    text = serializers.CharField()
    evidence = serializers.ListField(
        child=serializers.RegexField(r"^[sm]\d+$"), help_text="Steps (s12) and messages (m4) of the session."
    )
    unproven = serializers.BooleanField(help_text="It has no evidence.")
    unseen = serializers.ListField(child=serializers.CharField(), help_text="What it names that is not in the record.")

    def to_representation(self, instance: Any) -> Any:
        if not (instance and instance.get("text")):  # it had nothing to say
            return None
        return {"unseen": [], **instance, "unproven": not instance["evidence"]}


class SuggestedStepOut(StatementOut):
    """What to do next; those that say a failed or ruled-out step again come last, with that step as it is now."""

    already_tried = serializers.RegexField(r"^s\d+$", allow_null=True, help_text="The step that says so.")
    outcome = serializers.ChoiceField(choices=Step.Outcome.choices, allow_null=True)
    tried_at = TimeField(allow_null=True)

    def to_representation(self, instance: Any) -> Any:
        step = instance.get("step")
        line = {name: part for name, part in instance.items() if name not in ("tried", "step")}
        at = self.fields["tried_at"].to_representation(step.created_at) if step else None
        of_step = {"already_tried": step and step.ref, "outcome": step and step.outcome, "tried_at": at}
        return {**super().to_representation(line), **of_step}


class PlainSummaryOut(StoredJson):
    """The AI's summary as older clients read it: plain strings, without evidence, and without the lines that name what
    is not in the record."""

    summary_prose = serializers.CharField()
    what_we_know = serializers.ListField(child=serializers.CharField())
    likely_cause = serializers.CharField(allow_null=True)
    suggested_steps = serializers.ListField(child=serializers.CharField())
    confidence = serializers.ChoiceField(choices=SummaryVersion.Confidence.choices)


class SummaryOut(RedactedOut):
    """The AI's summary: how far it is, and what it said last, also while it is asked again. `redacted`: of what it was
    shown."""

    state = serializers.ChoiceField(choices=SUMMARY_STATES)
    error = NullableTextField(help_text="Why it failed.")
    version = serializers.IntegerField(source="shown.number", help_text="1, 2 …; 0 before the first.")
    summary_prose = NullableTextField(source="shown.summary_prose")
    unseen = serializers.ListField(
        child=serializers.CharField(), source="shown.unseen", help_text="Of the prose, as of a line."
    )
    what_we_know = StatementOut(many=True, source="shown.what_we_know")
    suggested_steps = SuggestedStepOut(many=True, source="shown.ordered_steps")
    likely_cause = StatementOut(allow_null=True, source="shown.likely_cause")
    confidence = serializers.ChoiceField(choices=SummaryVersion.Confidence.choices, source="shown.confidence")
    steps_since = serializers.IntegerField(
        source="shown.steps_since", help_text="Steps added since it was read: it is out of date by so many."
    )
    model = NullableTextField(source="shown.model")
    done_at = TimeField(allow_null=True, source="written_at", help_text="When this version was written.")


class NewsOut(Output):
    """What of the session is new to who asks, by rules and without AI: put on record by others since they last saw
    it."""

    added = serializers.ListField(
        child=serializers.RegexField(r"^[sm]\d+$"), source="added_refs", help_text="Steps (s12) and messages (m4)."
    )
    changed = serializers.ListField(
        child=serializers.RegexField(r"^s\d+$"),
        source="changed_refs",
        help_text="Steps with another outcome, text or answer than before.",
    )


class BriefingOut(RedactedOut):
    """What the AI wrote for who asks about what they do not know yet: how far it is, and what it said last, also while
    it is asked again. `redacted`: of what it was shown."""

    state = serializers.ChoiceField(choices=BRIEFING_STATES, source="state_shown")
    error = NullableTextField(help_text="Why it failed.")
    prose = NullableTextField()
    unseen = serializers.ListField(child=serializers.CharField(), help_text="Of the prose, as of a line.")
    lines = StatementOut(many=True)
    news = NewsOut(allow_null=True, help_text="Null where all of it is new. It is there with the AI off, too.")
    steps_since = serializers.IntegerField(help_text="Steps that others added since it was written.")
    is_outdated = serializers.BooleanField(
        source="news_since", help_text="Whether they put anything on record since: POST writes it anew."
    )
    model = NullableTextField()
    written_at = TimeField(allow_null=True)


class FeedbackOut(Output):
    """What somebody said of a version of the summary."""

    version = serializers.IntegerField(source="version.number")
    by = PersonOut(source="user")
    useful = serializers.BooleanField()
    comment = NullableTextField()
    at = TimeField(source="said_at")


class FeedbackBody(Body):
    useful = StrictBooleanField()
    version = StrictNumberField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="The one that was read; the newest if not said."
    )
    comment = StrictTextField(required=False, max_length=COMMENT)
