"""What every view of a member starts from: its request (MembersMiddleware lets nobody else in) and the form in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from resolutionflow.accounts.models import User


PAGE = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")  # two slashes would be another site's name


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


form_page = require_http_methods(["GET", "HEAD", "POST"])


def submitted(request: Request) -> QueryDict | None:
    """What was sent; None on a first visit."""
    return request.POST if request.method == "POST" else None


def form_status(form: BaseForm | None) -> int:
    """200, and 422 when the form comes again because it was wrong."""
    return 422 if form is not None and form.errors else 200


def is_refetch(request: HttpRequest) -> bool:
    """live.js brings an open page up to date: nobody has done anything."""
    return request.headers.get("X-Requested-With") == "live"


def is_opened(request: HttpRequest) -> bool:
    """Somebody opens this page to read it."""
    return request.method == "GET" and not is_refetch(request)


def page_before(request: HttpRequest) -> str:
    """The page of ours from which this was sent; empty where the browser does not say."""
    back = request.META.get("HTTP_REFERER", "")
    here = f"{request.scheme}://{request.get_host()}"
    page = back.removeprefix(here)
    return page if back != page and is_page(page) else ""


def is_page(address: str) -> bool:
    """An address of this site, whatever a browser makes of it."""
    return bool(PAGE.fullmatch(address)) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def page_to_return_to(request: HttpRequest, path: str) -> str:
    """The address of that page of ours with the filters it was left with, as the form or the browser says, else the
    plain one."""
    page = request.POST.get("back", "") or page_before(request)
    return page if is_page(page) and page.split("?")[0] == path else path
