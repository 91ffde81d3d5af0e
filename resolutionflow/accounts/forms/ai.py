"""The form of the account's settings of the AI."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings

from resolutionflow.accounts.models import Account
from resolutionflow.accounts.models.ai_settings import LONGEST_INSTRUCTIONS, check_ai_budget, check_ai_instructions
from resolutionflow.web.form_fields import LineField, TextField

FIELDS = ("ai_enabled", "ai_model", "ai_instructions", "ai_after_quiet_minute", "ai_monthly_tokens")
_IN_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[,.'’ ][0-9]{3})+")
WHAT_COUNTS = "A token is about three quarters of a word; what is read and what is written count."
WITHOUT_FIGURES = "A short session takes about 2,000 to summarise, the longest about 20,000."


def model_choices(account: Account) -> list[tuple[str, str]]:
    """What the account may choose, and what it has chosen, though that is not offered any more."""
    offered = [
        ("", f"This server's: {settings.ANTHROPIC_MODEL}"),
        *((name, name) for name in settings.ANTHROPIC_MODELS),
    ]
    chosen = account.ai_model
    gone = chosen and chosen not in settings.ANTHROPIC_MODELS
    return [*offered, (chosen, f"{chosen}: not offered any more, this server's is asked")] if gone else offered


class TokensField(LineField):
    """A whole number, also with its thousands apart; None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(limit=30, required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        typed = str(super().clean(value))
        if _IN_THOUSANDS.fullmatch(typed):
            typed = re.sub(r"[^0-9]", "", typed)
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal()):
            raise forms.ValidationError("Write a whole number of tokens, such as 2,000,000, or nothing for no limit.")
        check_ai_budget(int(typed))
        return int(typed)


class AiForm(forms.Form):
    ai_enabled = forms.BooleanField(
        label="Let a language model read sessions",
        required=False,
        help_text="It writes a summary of each session that is escalated. Switched off, nothing is sent to it.",
    )
    ai_model = forms.ChoiceField(label="Model", required=False)
    ai_instructions = TextField(
        label="Extra instructions",
        required=False,
        limit=LONGEST_INSTRUCTIONS,
        rows=4,
        help_text="What the model reads beside ours, with each question: how your team names things, what to look at. "
        "Never a password or a key.",
    )
    ai_after_quiet_minute = forms.BooleanField(
        label="Renew a summary a minute after the last new step",
        required=False,
        help_text="Without it, one is renewed when somebody presses Renew or it changes hands with new steps.",
    )
    ai_monthly_tokens = TokensField(label="Budget a month, in tokens")

    def __init__(self, data: Any = None, *, account: Account, typical: int | None) -> None:
        super().__init__(data, initial={name: getattr(account, name) for name in FIELDS})
        model = self.fields["ai_model"]
        assert isinstance(model, forms.ChoiceField)
        model.choices = model_choices(account)
        takes = f"A summary here takes about {typical:,}." if typical else WITHOUT_FIGURES
        self.fields["ai_monthly_tokens"].help_text = f"{WHAT_COUNTS} {takes} Empty: no limit."

    def clean_ai_instructions(self) -> str:
        typed: str = self.cleaned_data["ai_instructions"]
        check_ai_instructions(typed)
        return typed
