"""What becomes of the mail of this server, in words."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings


def where_mail_goes() -> str:
    """What becomes of the mail of this server, in a sentence."""
    match settings.EMAIL_BACKEND.split(".")[-2]:
        case "smtp":
            return f"Mail is sent through {settings.EMAIL_HOST}."
        case "filebased":
            folder = PurePath(settings.EMAIL_FILE_PATH).name
            return f"Mail is written to files in the folder “{folder}” of this server's data, and reaches nobody."
        case "console":
            return "Mail is printed in this server's log, and reaches nobody."
        case "locmem" | "dummy":
            return "Mail is thrown away by this server."
        case name:
            return f"Mail is sent by {name}."
