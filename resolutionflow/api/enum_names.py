"""What the API's description calls each set of words that a field may hold, by where it is defined."""

from __future__ import annotations

ENUM_NAMES = {
    "ErrorCode": "resolutionflow.api.schema.ERROR_CODES",
    "EventKind": "resolutionflow.accounts.event_facts.KINDS",
    "Origin": "resolutionflow.core.origin.ORIGINS",
    "SessionStatus": "sessions_app.models.Session.Status",
    "Watching": "sessions_app.models.SessionWatch.STATES",
    "Intake": "sessions_app.models.Session.Intake",
    "NewIntake": "sessions_app.api_fields.INTAKES",
    "BranchStatus": "sessions_app.models.Branch.Status",
    "StepKind": "sessions_app.models.Step.Kind",
    "StepOutcome": "sessions_app.models.Step.Outcome",
    "NewMessageRole": "sessions_app.api_fields.NEW_ROLES",
    "MessageRole": "sessions_app.models.Message.Role",
    "ProblemDomain": "sessions_app.models.Domain",
    "ConfidenceTier": "sessions_app.api_fields.TIERS",
    "Intent": "handoffs.models.Handoff.Intent",
    "ClosedReason": "handoffs.models.Handoff.ClosedReason",
    "NoteState": "handoffs.api_fields.NOTE_STATES",
    "SummaryConfidence": "handoffs.models.SummaryVersion.Confidence",
    "Wake": "handoffs.api_fields.WAKES",
    "HandoffStatus": "handoffs.models.Handoff.Status",
    "Priority": "resolutionflow.accounts.models.PRIORITY_WORDS",
    "SummaryState": "handoffs.summary_fields.SUMMARY_STATES",
    "BriefingState": "handoffs.summary_fields.BRIEFING_STATES",
    "DeliveryStatus": "resolutionflow.core.work.Work.Status",
    "DeliveryKind": "notifications.models.Delivery.Kind",
    "Role": "resolutionflow.accounts.models.User.Role",
    "TicketState": "sessions_app.models.TicketCopy.State",
    "SessionTicketState": "sessions_app.api_fields.TICKET_STATES",
}
