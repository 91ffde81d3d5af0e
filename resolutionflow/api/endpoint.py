"""The base of the REST API: who may use it, how a function becomes an endpoint, how it answers.

An endpoint is a function: `@endpoint(of=..., takes=..., gives=...)` fetches the thing an address names (through
`visible_to`), checks the request's fields, passes both on, and turns what is returned into JSON; the function calls the
verb. `resource(get=..., post=...)` puts functions at an address.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.api import idempotency
from resolutionflow.api.access import Membership, PerMinute, TokenAuthentication
from resolutionflow.api.etags import if_unchanged, with_version
from resolutionflow.api.fields import Body, Output, Query
from resolutionflow.api.parsers import AlwaysJson, ExactJson, StrictForm, StrictJson
from resolutionflow.api.schema import EndpointSchema
from resolutionflow.core import pagination
from resolutionflow.core.text import clean
from resolutionflow.ops.body_limit import takes_files

ROOT = "/api/v1/"


class ApiRequest(Request):
    """The request an endpoint gets: its user is always a person who belongs to an account."""

    user: User
    auth: ApiToken | None
    prepared: Any  # what an endpoint's `prepare` has left for it


# --- endpoints ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class EndpointSpec:
    """What an endpoint takes and gives; ApiView and the OpenAPI description read it."""

    gives: type[Output] | None
    of: Callable[..., Any] | None
    takes: type[Body] | None
    query: type[Query] | None
    one: bool
    order: tuple[str, ...] | Callable[..., tuple[str, ...]]
    status: int
    own: bool
    by_script: bool
    summary: str
    tag: str
    prepare: Callable[..., None] | None

    @property
    def is_list(self) -> bool:
        return self.query is not None and not self.one

    def is_versioned(self, request: Request) -> bool:
        """Whether the answer is one thing as it stands, the same for GET and PATCH: then it has an ETag."""
        return self.query is None and request.method in ("GET", "HEAD", "PATCH")


class Handler(Protocol):
    """An endpoint's function, as a method of an ApiView."""

    spec: EndpointSpec
    __name__: str

    def __call__(self, view: ApiView, request: ApiRequest, **ids: int) -> Response: ...


class ApiView(APIView):
    authentication_classes = (TokenAuthentication, SessionAuthentication)
    permission_classes = (Membership,)
    throttle_classes = (PerMinute,)
    renderer_classes = (ExactJson,)
    content_negotiation_class = AlwaysJson
    metadata_class = None
    http_method_names = ["get", "head", "post", "patch", "delete"]
    schema = EndpointSchema()

    def spec_of(self, method: str | None) -> EndpointSpec | None:
        """What this address takes and gives by this method; None where it knows no such method."""
        spec: EndpointSpec | None = getattr(getattr(self, str(method).lower(), None), "spec", None)
        return spec

    def get_parsers(self) -> list[BaseParser]:
        spec = self.spec_of(getattr(self.request, "method", None))  # the description asks without a request
        if spec is not None and spec.takes is not None and spec.takes.is_form:
            return [MultiPartParser()]
        return [StrictJson(), StrictForm()] if spec is not None and spec.by_script else [StrictJson()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if "Transfer-Encoding" in request.headers:  # REST framework takes a body without a length for none
            request.META["CONTENT_LENGTH"] = str(len(request._request.body))
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        spec = self.spec_of(request.method)
        if spec and spec.gives and answer.status_code == 201:
            where = spec.gives.location.format(**kwargs, **answer.data)
            answer["Location"] = request.build_absolute_uri(f"{ROOT}{where}")
        elif spec and spec.gives and spec.is_versioned(request) and answer.status_code == 200:
            answer.add_post_render_callback(functools.partial(with_version, request))
        return answer

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {"Allow": ", ".join(self.allowed_methods), "Cache-Control": "no-store"}


def endpoint(
    *,
    tag: str,
    summary: str,
    gives: type[Output] | None,
    of: Callable[..., Any] | None = None,
    takes: type[Body] | None = None,
    query: type[Query] | None = None,
    one: bool = False,
    order: tuple[str, ...] | Callable[..., tuple[str, ...]] = ("-id",),
    status: int = 200,
    own: bool = False,
    by_script: bool = False,
    prepare: Callable[..., None] | None = None,
) -> Callable[[Callable[..., Any]], Handler]:
    """Make a function an endpoint.

    `of` fetches the thing the address names, before anything is checked: not yours is 404. It is
    what is given, unless the function returns something else; where `gives` is None the function
    returns a response of its own, of another type than JSON. `takes` names the request's fields;
    `query` a list's parameters, which is paged by `order` (that may depend on the parameters), or with `one` those of
    a single thing;
    `own`: a viewer may do it, because it changes only what is theirs. `by_script`: the token of this one session may do
    it, and a form is taken beside JSON, because every shell can send one. `prepare` is called first, with what the
    address names, outside of any transaction: for what takes a while.
    """
    spec = EndpointSpec(gives, of, takes, query, one, order, status, own, by_script, summary, tag, prepare)

    def made(function: Callable[..., Any]) -> Handler:
        answer = _list_endpoint(spec, function) if spec.is_list else _single_endpoint(spec, function)

        @functools.wraps(function)
        def handler(view: ApiView, request: ApiRequest, **ids: int) -> Response:
            if spec.prepare is not None:
                spec.prepare(request, *_fetch_named(spec, request, ids))
            key = request.headers.get("Idempotency-Key")
            if key is None or request.method != "POST":
                return answer(request, **ids)
            return idempotency.answer_once(request, key, lambda: _through_view(view, lambda: answer(request, **ids)))

        handler.spec = spec  # type: ignore[attr-defined]
        return cast(Handler, handler)

    return made


def resource(**handlers: Handler) -> Callable[..., HttpResponse]:
    """The view of one address: `resource(get=handoff, patch=change_handoff)`."""
    name = "_".join(handler.__name__ for handler in handlers.values())
    view: Any = type(name, (ApiView,), dict(handlers))
    made = cast(Callable[..., HttpResponse], view.as_view())
    takes = [handler.spec.takes for handler in handlers.values()]
    return takes_files(made) if any(body is not None and body.is_form for body in takes) else made


def validated(fields: type[Body], sent: Any, request: Request) -> dict[str, Any]:
    """The request's fields, right in type and length; raises 400 `invalid` with errors by field."""
    body = fields(data=sent, context={"request": request}, partial=request.method == "PATCH")
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _single_endpoint(spec: EndpointSpec, function: Callable[..., Any]) -> Callable[..., Any]:
    give = (spec.gives or Output)()  # made once: building a serializer costs more than using it

    def shown(thing: Any) -> Any:
        give.load([thing])
        return give.to_representation(thing)

    def answer(request: ApiRequest, **ids: int) -> Any:
        thing = _fetch_named(spec, request, ids)
        asked = validated(spec.query or Body, _query_values(spec.query or Query, request), request)
        sent = validated(spec.takes or Body, request.data, request) if request.method not in SAFE_METHODS else {}
        made = function(request, *thing, **asked, **sent)
        if isinstance(made, HttpResponseBase):
            return made
        return Response(shown(thing[0] if made is None else made), status=spec.status)

    def guarded(request: ApiRequest, **ids: int) -> Any:
        if spec.of is None or request.method != "PATCH" or "If-Match" not in request.headers:
            return answer(request, **ids)
        read = functools.partial(spec.of, request, **ids)
        return if_unchanged(request, read, shown, functools.partial(answer, request, **ids))

    return guarded


def _list_endpoint(spec: EndpointSpec, function: Callable[..., Any]) -> Callable[..., Response]:
    assert spec.gives is not None
    give = spec.gives()

    def answer(request: ApiRequest, **ids: int) -> Response:
        thing = _fetch_named(spec, request, ids)
        assert spec.query is not None
        sent = validated(spec.query, _query_values(spec.query, request), request)
        cursor, limit = sent.pop("cursor", ""), sent.pop("limit", 50)
        order = spec.order(**sent) if callable(spec.order) else spec.order
        page = pagination.keyset_page(function(request, *thing, **sent), order, cursor=cursor, limit=limit)
        give.load(page.rows)
        links = {"next": _page_link(request, page.next), "previous": _page_link(request, page.previous)}
        return Response({**links, "results": [give.to_representation(row) for row in page.rows]})

    return answer


def _query_values(query: type[Query], request: ApiRequest) -> dict[str, str]:
    """The parameters of the address. One of several words may be repeated; any other that is repeated is an error."""
    asked = dict(request.query_params.lists())
    must_be_given_once(asked, several=query.several)
    return {name: ",".join(filter(None, values)) for name, values in asked.items()}


def must_be_given_once(sent: dict[str, list[Any]], *, several: Collection[str] = ()) -> None:
    """400 `invalid` where a name has more than one value, unless it is one of `several`: none would be dropped."""
    if again := [name for name, values in sent.items() if len(values) > 1 and name not in several]:
        raise ValidationError({clean(name)[:100]: ["Give this once."] for name in again})


def _fetch_named(spec: EndpointSpec, request: ApiRequest, ids: dict[str, int]) -> tuple[Any, ...]:
    return (spec.of(request, **ids),) if spec.of else ()


def _through_view(view: ApiView, answer: Callable[[], Response]) -> Response:
    """The answer, or the API's answer to what was raised: Idempotency-Key keeps that as well."""
    try:
        return answer()
    except Exception as error:
        return view.handle_exception(error)


def _page_link(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


@csrf_exempt
@login_not_required
def unknown_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """404 for an address under /api/ that does not exist; one that only lacks its slash is answered as if it had it."""
    if not request.path_info.endswith("/"):
        match = resolve(f"{request.path_info}/")
        if match.func is not unknown_address:
            request.resolver_match = match
            return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
    body = {"code": "not_found", "detail": "There is no such address; see /api/docs/."}
    return JsonResponse(body, status=404)
