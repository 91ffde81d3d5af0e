"""/me.css: pushed fragments are the same for every viewer; a dozen generated rules show and hide what depends
on one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from resolutionflow.accounts.models import Team, User

OWN_NAME = (
    "color:var(--ink);background:color-mix(in srgb,var(--accent) 28%,transparent);box-shadow:inset 0 -2px var(--accent)"
)


@require_safe
def me_css(request: HttpRequest) -> HttpResponse:
    """The rules for this person. They only tidy the page: the server decides who may claim."""
    assert isinstance(request.user, User)
    teams = Team.objects.visible_to(request.user).filter(members=request.user).values_list("pk", flat=True)
    return HttpResponse("\n".join(_rules(request.user, list(teams))), content_type="text/css; charset=utf-8")


def _rules(user: User, teams: list[int]) -> list[str]:
    own = [f'[data-sender="{user.pk}"] .claim', f'[data-holder="{user.pk}"] .claim']
    hidden = own if user.is_engineer else [*own, ".claim"]
    if not user.is_lead:
        others = f':not([data-author="{user.pk}"])' if user.is_engineer else ""
        hidden = [*hidden, f".file{others} .file-remove", *_kept("user", [user.pk]), *_kept("team", teams)]
    aimed = [f'[data-target-user="{user.pk}"] .for-you', *(f'[data-target-team="{pk}"] .for-you' for pk in teams)]
    instead = [rule.replace(".for-you", ".for-name") for rule in aimed]
    tidied = [
        f"{','.join([*hidden, *instead])}{{display:none}}",
        f"{','.join(aimed)}{{display:inline-flex}}",
        f'bdi[data-people~="{user.pk}"]{{{OWN_NAME}}}',
    ]
    return tidied if user.is_lead else [*tidied, *_several(user)]


def _several(user: User) -> list[str]:
    """Which cards this person may choose together, and which verbs are offered for them."""
    sides = f'[data-sender="{user.pk}"],[data-holder="{user.pk}"]'
    claimer = f'[data-claimer="{user.pk}"]'
    return [
        f".card:not({sides},{claimer}) .pick{{visibility:hidden}}",
        f".desk:not(:has(:is({sides}) .select:checked)) .of-sender{{display:none}}",
        f".desk:not(:has({claimer} .select:checked)) .of-claimer{{display:none}}",
    ]


def _kept(kind: str, mine: list[int]) -> list[str]:
    """Hides Claim on cards still kept for another person or team."""
    others = "".join(f':not([data-target-{kind}="{pk}"])' for pk in mine)
    return [f'.card:not([data-target-{kind}=""]){others} .claim']
