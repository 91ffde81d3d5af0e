"""What is in the way of the AI, in words: why nothing is asked, and what came of a question; what to do, and who can.

Apart from ai.py, which needs the SDK: pages say these, too.
"""

from __future__ import annotations

from django.conf import settings

from resolutionflow.accounts.models import Account
from sessions_app.models import AiCall
from sessions_app.models.ai_call import begins_anew, budget_is_used_up

Outcome = AiCall.Outcome
_OPERATOR = "Whoever runs this server"
_ADMIN = "An owner or admin"
LATER = "Try again in a while; where it lasts, whoever runs this server can look into it."
_IN_SETTINGS = f"{_ADMIN} can choose another model in Settings."

PROBLEMS = {
    Outcome.DECLINED: "The model declined to read this session, as some do where it is about malware or an attack. "
    f"The brief has what was recorded. {_IN_SETTINGS}",
    Outcome.CUT_OFF: "The model's answer was cut off. Try again.",
    Outcome.UNREADABLE: f"The AI's answer was not the JSON it was asked for. {LATER}",
    Outcome.TOO_LONG: f"The session is too long for the model. The brief has what was recorded. {_IN_SETTINGS}",
    Outcome.BAD_REQUEST: f"The model refused the request. {_IN_SETTINGS} "
    "The list of AI calls in the Django admin says why.",
    Outcome.BAD_KEY: f"The AI key is not valid. {_OPERATOR} has to set another.",
    Outcome.NO_CREDIT: f"The AI account cannot be billed. {_OPERATOR} has to settle that with the provider.",
    Outcome.NOT_ALLOWED: f"The AI key may not use the model. {_IN_SETTINGS}",
    Outcome.UNKNOWN_MODEL: f"The AI does not know this model. {_IN_SETTINGS}",
    Outcome.SPEND_LIMIT: f"The server's spend limit with the AI provider is reached. {_OPERATOR} can raise it.",
    Outcome.OVER_LIMIT: f"The AI is busy. {LATER}",
    Outcome.FAILED: f"The AI failed. {LATER}",
    Outcome.TIMED_OUT: f"The model did not answer in time. {LATER}",
    Outcome.UNREACHABLE: f"The connection to the AI was lost, or there was none. {LATER}",
}


def used_up(account: Account) -> str:
    """What is said once the month's budget is used up."""
    return f"This month's AI budget is used up. {_ADMIN} can raise it; it begins anew on {begins_anew(account)}."


def switched_off(account: Account) -> str:
    """Why the AI is off; empty where it is on."""
    if not settings.ANTHROPIC_API_KEY:
        return f"This server has no key for a language model. {_OPERATOR} can set one."
    return "" if account.ai_enabled else f"It is switched off for this account. {_ADMIN} can switch it on in Settings."


def why_not(account: Account) -> str:
    """Why it is not asked now; empty where it is. Asks the database where the account has a budget."""
    if off := switched_off(account):
        return f"The AI is off. {off}"
    return used_up(account) if budget_is_used_up(account) else ""
