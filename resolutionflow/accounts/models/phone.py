"""Phone numbers, as people write them."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import one_line

PHONE = 40  # characters
NOT_A_NUMBER = "A phone number has digits, blanks and + ( ) - . /, and may end in ext or x with an extension."
_NUMBER = re.compile(r"(?=.*[0-9])[0-9 +()./-]*((?:ext|x)[0-9 .]*)?", re.I)


def check_phone(text: str) -> None:
    """Raise ValidationError unless `text` is a phone number."""
    if not _NUMBER.fullmatch(text):
        raise ValidationError(NOT_A_NUMBER)


def cleaned_phone(text: str) -> str:
    """The number in one line, or "" for none; refused where it is too long or no number."""
    phone = one_line(text)
    if phone and (len(phone) > PHONE or not _NUMBER.fullmatch(phone)):
        raise Invalid(phone=NOT_A_NUMBER if len(phone) <= PHONE else f"A phone number has at most {PHONE} characters.")
    return phone


def phone_address(phone: str) -> str:
    """+44 (0)20 7946 0123 ext. 7 -> tel:+442079460123;ext=7; "" for none. The 0 in brackets is not dialled after a
    country's code."""
    number, _ext, extension = phone.lower().replace("ext", "x").partition("x")
    if number.strip().startswith("+"):
        number = number.replace("(0)", "")
    digits, extension = re.sub(r"[^0-9+]", "", number), re.sub(r"[^0-9]", "", extension)
    return f"tel:{digits}{f';ext={extension}' if extension else ''}" if digits else ""
