"""Pictures to send, and the means to send them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sessions_app.files import reading
from sessions_app.models import StoredFile
from tests.api_client import ApiClient, client_of


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saved: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode in ("RGB", "RGBA") else 0).save(out, form, **saved)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.fixture(autouse=True)
def on_disk(files_on_disk) -> Callable[[], list[str]]:
    """The names of all that is stored."""
    return lambda: sorted(
        path.relative_to(files_on_disk).as_posix() for path in files_on_disk.rglob("*") if path.is_file()
    )


def sent(client: ApiClient, path: str, content: bytes, name: str = "error.png", **fields: Any) -> Any:
    """The answer of the API to a file."""
    headers = fields.pop("headers", {})
    body = {"file": SimpleUploadedFile(name, content, "image/png"), **fields}
    return super(ApiClient, client).post(f"/api/v1/{path}", body, headers=headers)


@pytest.fixture
def send(session, bo):
    client = client_of(bo)
    return lambda content, name="error.png", **fields: sent(
        client, f"sessions/{session.pk}/files/", content, name, **fields
    )


@pytest.fixture
def kept(session, bo):
    """A file in the session, by Bo."""
    return session.add_file(bo, stored=stored(session, picture()), step=session.steps.first())


def stored(session: Any, content: bytes, name: str = "error.png") -> Any:
    return StoredFile(session.account_id, reading.ready(name, content))


def refused(answer: Any, status: int = 400) -> str:
    body = json.loads(answer.content)
    assert answer.status_code == status, body
    return str(body["errors"]["file"][0] if "errors" in body else body["detail"])
