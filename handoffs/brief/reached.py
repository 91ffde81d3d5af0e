"""Telephone numbers and addresses by which somebody is reached, not those that are the trouble."""

from __future__ import annotations

import re

from handoffs.brief.phrases import contact
from handoffs.brief.sentences import Sentence


def number_in(sentence: Sentence) -> int | None:
    """Where a telephone number of somebody stands."""
    if "#" not in sentence.words or not _SIX_DIGITS.search(sentence.text):
        return None
    for number in contact.PHONE.finditer(sentence.text):
        if _is_phone(number[0].strip(), sentence.text[max(0, number.start() - 40) : number.start()]):
            return number.start()
    return None


_SIX_DIGITS = re.compile(r"(?:\d[ ()./-]{0,3}){6}")


def _is_phone(number: str, before: str) -> bool:
    number = number[1:-1] if number.startswith("(") and number.find(")") == len(number) - 1 else number
    digits = sum(map(str.isdigit, number))
    if not 6 <= digits <= 15 or contact.SHAPE_OF_NO_PHONE.fullmatch(number):
        return False
    if contact.NOT_A_PHONE.search(before) and not contact.CALLS_IT.search(before):
        return False
    if contact.SHAPE_OF_A_PHONE.fullmatch(number):
        return True
    if contact.SHAPE_AFTER_A_NAME.fullmatch(number) and contact.NAME.search(before):
        return True
    if contact.VERSION.fullmatch(number) or not contact.PHONE_WORDS.search(before):
        return False
    return digits >= 7 or not number.isdigit()


def address_in(sentence: Sentence) -> int | None:
    """Where the address of somebody to write to stands."""
    if "@" not in sentence.low:
        return None
    for address in contact.EMAIL.finditer(sentence.low):
        before = sentence.low[max(0, address.start() - 30) : address.start()]
        if contact.EMAIL_NEVER.search(address[0]):
            continue
        named = contact.NAMED_BEFORE.search(sentence.text, 0, address.start())
        if named or contact.EMAIL_FOR.search(before) or not contact.EMAIL_NOT.search(sentence.low):
            return address.start()
    return None
