"""What views of members share: the request (MembersMiddleware lets nobody else in), its form, where it came from."""

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
    """The fields that were sent; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def form_status(form: BaseForm | None) -> int:
    """The status of a page with a form: 422 where the form was wrong and is shown again, else 200."""
    return 422 if form is not None and form.errors else 200


def is_refetch(request: HttpRequest) -> bool:
    """Whether live.js asks, to bring an open page up to date: nobody has done anything."""
    return request.headers.get("X-Requested-With") == "live"


def is_opened(request: HttpRequest) -> bool:
    """Whether somebody opens this page to read it."""
    return request.method == "GET" and not is_refetch(request)


def page_before(request: HttpRequest) -> str:
    """The page of this site from which the request was sent; empty where the browser does not say."""
    back = request.META.get("HTTP_REFERER", "")
    here = f"{request.scheme}://{request.get_host()}"
    page = back.removeprefix(here)
    return page if back != page and is_page(page) else ""


def is_page(address: str) -> bool:
    """Whether `address` leads to this site and cannot be read by any browser as leading elsewhere."""
    return bool(PAGE.fullmatch(address)) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def page_to_return_to(request: HttpRequest, path: str) -> str:
    """The address of the page at `path` with the filters it was left with, as the form or the browser says; else
    `path`."""
    page = request.POST.get("back", "") or page_before(request)
    return page if is_page(page) and page.split("?")[0] == path else path
