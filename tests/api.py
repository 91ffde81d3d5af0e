"""A client of the API as one person, by token."""

from __future__ import annotations

from typing import Any

from django.test import Client

from resolutionflow.accounts.models import ApiToken, User


class ApiClient(Client):
    """Sends JSON, under /api/v1/ where the address is not absolute."""

    def generic(self, method: str, path: str, data: Any = "", content_type: str = "", **extra: Any) -> Any:
        path = path if path.startswith("/") else f"/api/v1/{path}"
        return super().generic(method, path, data, content_type or "application/json", **extra)

    def post(self, path: str, data: Any = None, **extra: Any) -> Any:
        extra.setdefault("content_type", "application/json")
        return super().post(path if path.startswith("/") else f"/api/v1/{path}", {} if data is None else data, **extra)


def client_of(user: User, *, scope: str | None = None) -> ApiClient:
    _token, key = ApiToken.issue(user, name="test", scope=scope or ("write" if user.is_engineer else "read"))
    return ApiClient(headers={"Authorization": f"Token {key}"})
