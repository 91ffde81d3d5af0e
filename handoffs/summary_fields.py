"""What the API gives of the AI's summaries."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from handoffs.models import Summary
from resolutionflow.api.fields import NullableTextField, RedactedOut, StoredJson, TimeField
from sessions_app.models import Step

SUMMARY_STATES = ["pending", "ready", "failed", "off"]


class StatementOut(StoredJson):
    """A line of the AI's, and what of the record it rests on."""

    text = serializers.CharField()
    evidence = serializers.ListField(
        child=serializers.RegexField(r"^[sm]\d+$"),
        help_text="Steps (s12) and messages (m4) of the session; with none it is unproven.",
    )
    unseen = serializers.ListField(child=serializers.CharField(), help_text="What it names that is not in the record.")

    def to_representation(self, instance: Any) -> Any:
        return {"unseen": [], **instance} if instance else None  # it had nothing to say


class AlreadyTriedOut(StatementOut):
    """A suggestion that was tried before, and the step that says so, as it is now."""

    step = serializers.RegexField(r"^s\d+$")
    outcome = serializers.ChoiceField(choices=Step.Outcome.choices)
    tried_at = TimeField()

    def to_representation(self, instance: Any) -> Any:
        step = instance["step"]
        line = {name: part for name, part in instance.items() if name != "tried"}
        at = self.fields["tried_at"].to_representation(step.created_at)
        return super().to_representation({**line, "step": step.ref, "outcome": step.outcome, "tried_at": at})


class PlainSummaryOut(StoredJson):
    """The AI's summary as older clients read it: plain strings, without evidence, and without the lines that name what
    is not in the record."""

    summary_prose = serializers.CharField()
    what_we_know = serializers.ListField(child=serializers.CharField())
    likely_cause = serializers.CharField(allow_null=True)
    suggested_steps = serializers.ListField(child=serializers.CharField())
    confidence = serializers.ChoiceField(choices=Summary.Confidence.choices)


class SummaryOut(RedactedOut):
    """The AI's summary: state and data. `redacted`: of what the AI was shown."""

    state = serializers.ChoiceField(choices=SUMMARY_STATES)
    error = NullableTextField(help_text="Why it failed.")
    summary_prose = NullableTextField()
    unseen = serializers.ListField(child=serializers.CharField(), help_text="Of the prose, as of a line.")
    what_we_know = StatementOut(many=True)
    suggested_steps = StatementOut(many=True, source="next_steps")
    already_tried = AlreadyTriedOut(many=True, help_text="Suggestions that say a failed or ruled-out step again.")
    likely_cause = StatementOut(allow_null=True)
    confidence = serializers.ChoiceField(choices=Summary.Confidence.choices)
    steps_since = serializers.IntegerField(help_text="Steps added since it was read: it is stale by so many.")
    model = NullableTextField()
    done_at = TimeField(allow_null=True)
