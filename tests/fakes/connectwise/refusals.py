"""How it says no: the vendor's shape of an error, and connections that end without an answer."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    def __init__(self, status: int, body: Any, **headers: str) -> None:
        self.status, self.body, self.headers = status, body, headers


class Lost(Exception):
    """No answer will come."""


def error(status: int, code: str, message: str) -> Refused:
    return Refused(status, {"code": code, "message": message, "errors": None})


def invalid(resource: str, message: str, field: str = "") -> Refused:
    """A record that does not fit: what is wrong stands in the inner message."""
    inner = {"code": "InvalidField", "message": message, "resource": resource, "field": field, "details": None}
    return Refused(400, {"code": "InvalidObject", "message": f"{resource} object is invalid", "errors": [inner]})


def not_found(message: str = "Resource not found") -> Refused:
    return error(404, "NotFound", message)


def forbidden(status: int = 403) -> Refused:
    """What the security role does not allow; by its code it is known, for the status is not always 403."""
    return error(status, "Security", "You do not have security permission to perform this action.")


HTML = b"<!DOCTYPE html><html><body><h2>Server Error in '/' Application.</h2></body></html>"
