"""A client of the API as one person, by token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from resolutionflow.accounts.models import ApiToken, User


class ApiClient(Client):
    """Sends JSON, to addresses under /api/v1/."""

    def generic(self, method: str, path: str, data: Any = "", content_type: str = "", **extra: Any) -> Any:
        path = path if path.startswith("/") or "://" in path else f"/api/v1/{path}"
        return super().generic(method, path, data, content_type, **extra)

    def send(self, method: str, path: str, body: Any, **extra: Any) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.generic(method, path, data, extra.pop("content_type", "application/json"), **extra)

    def post(self, path: str, /, **body: Any) -> Any:
        return self.send("POST", path, body)

    def patch(self, path: str, /, **body: Any) -> Any:
        return self.send("PATCH", path, body)


def client_of(user: User, *, scope: str | None = None) -> ApiClient:
    _token, key = ApiToken.issue(user, name="test", scope=scope or ("write" if user.is_engineer else "read"))
    return ApiClient(headers={"Authorization": f"Token {key}"})


def errors_of(answer, status: int, code: str) -> dict:
    """The body of a refusal, which has this status and code."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert body["code"] == code
    assert body["detail"]
    return body
