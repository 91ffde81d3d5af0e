"""What an account's settings of the AI may hold."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError

from resolutionflow.core.redaction import counted, redact

LONGEST_INSTRUCTIONS = 2_000  # characters
FEWEST_TOKENS, MOST_TOKENS = 10_000, 1_000_000_000  # of a month's budget


def check_ai_model(name: str) -> None:
    """One of those this server offers; empty: the one it uses itself."""
    if name and name not in settings.ANTHROPIC_MODELS:
        offered = ", ".join(settings.ANTHROPIC_MODELS)
        raise ValidationError({"ai_model": f"This server does not offer this model. Choose of: {offered}."})


def check_ai_instructions(text: str) -> None:
    """Short, for they are read with every question; and without secrets, for they leave."""
    if len(text) > LONGEST_INSTRUCTIONS:
        raise ValidationError(f"These are {len(text):,} characters, and {LONGEST_INSTRUCTIONS:,} fit.")
    hidden = redact(text)
    if hidden != text:
        kinds = ", ".join(counted(hidden))
        raise ValidationError(f"This holds what looks like a secret ({kinds}). Take it out: all of this leaves.")


def check_ai_budget(tokens: int | None) -> None:
    if tokens is not None and not FEWEST_TOKENS <= tokens <= MOST_TOKENS:
        raise ValidationError(f"Write {FEWEST_TOKENS:,} to {MOST_TOKENS:,} tokens, or nothing for no limit.")
