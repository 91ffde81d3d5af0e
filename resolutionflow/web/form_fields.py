"""Form fields for what people type and paste: cleaned like all stored text, refused when too long, never cut."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar, cast
from uuid import uuid4, uuid5
from zlib import crc32

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.fields import InvalidJSONInput
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import ADDRESS, LINE, LONG, NOTE, as_it_came, clean, cut, one_line

SKIPPED = "The clocks in %(zone)s go forward past %(typed)s. Choose %(next)s or later."
TOO_LONG = "This is %(show_value)s characters long and %(limit_value)s fit. Keep the part that matters."


class LimitedCharField(forms.CharField):
    """Text with a limit that the server checks. The page gets no `maxlength`: with it, browsers silently cut what is
    pasted."""

    direction = "auto"  # of its letters: Arabic and Hebrew read from right to left

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(strip=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # fields.js: until it fits, it stays red
        return {**super().widget_attrs(widget), "data-limit": self.limit, "dir": self.direction}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.limit:
            sizes = {"show_value": f"{len(value):,}", "limit_value": f"{self.limit:,}"}
            raise forms.ValidationError(TOO_LONG, code="max_length", params=sizes)


class JsonField(forms.JSONField):
    """JSON that can be stored: refuses numbers, depths and half surrogate pairs that Python reads and databases do not
    take."""

    def to_python(self, value: Any) -> Any:
        try:
            return _storable_json(super().to_python(value))
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return _storable_json(super().bound_data(data, initial))
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


def _storable_json(read: Any) -> Any:
    """ValueError where `read` holds half a surrogate pair, NaN or infinity, or a NUL."""
    written = json.dumps(read, ensure_ascii=False, allow_nan=False)
    written.encode()
    if "\\u0000" in written:
        raise ValueError("NUL")
    return read


class LineField(LimitedCharField):
    """One line: runs of white space become one space, characters nobody can see are taken out."""

    def __init__(self, *, limit: int = LINE, **kwargs: Any) -> None:
        super().__init__(limit=limit, **kwargs)

    def to_python(self, value: Any) -> str:
        return one_line(str(super().to_python(value)))


class TextField(LimitedCharField):
    """Text of many lines. `mentions`: people can be mentioned in it, so that a list of them comes while one types."""

    def __init__(
        self, *, limit: int = NOTE, rows: int = 4, mono: bool = False, mentions: bool = False, **kwargs: Any
    ) -> None:
        attrs = {"rows": rows, **({"class": "mono", "spellcheck": "false"} if mono else {})}
        attrs |= {"data-mentions": reverse_lazy("mentionable")} if mentions else {}
        super().__init__(limit=limit, widget=forms.Textarea(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return clean(str(super().to_python(value)))


class LogField(TextField):
    """A pasted log, or the output of a command: taken as it came, its first blanks and escapes with it."""

    direction = "ltr"

    def __init__(self, *, rows: int = 10, limit: int = LONG, **kwargs: Any) -> None:
        super().__init__(limit=limit, rows=rows, mono=True, **kwargs)

    def to_python(self, value: Any) -> str:
        return as_it_came(str(forms.CharField.to_python(self, value)))


class LocalTimeField(forms.DateTimeField):
    """A day and time in the reader's zone. Where clocks go back and a time comes twice, the first of the two."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            return _moment_when_clocks_change(error.params["datetime"], error.params["current_timezone"])


def _moment_when_clocks_change(typed: datetime, zone: tzinfo) -> datetime:
    """The moment of a local time that exists twice (the first) or, as the clocks skip it, not at all (refused)."""
    moment = typed.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == typed:
        return moment.astimezone(UTC)  # Python holds an hour that is there twice equal to no time of another zone
    words = {"typed": typed, "next": _first_time_after_gap(moment).astimezone(zone)}
    said = {name: date_format(time, "j M Y H:i") for name, time in words.items()}
    raise forms.ValidationError(SKIPPED, code="skipped", params={"zone": str(zone), **said})


def _first_time_after_gap(skipped: datetime) -> datetime:
    """The first local time after the hour that clocks skip, to the second."""
    after = skipped.replace(fold=1).utcoffset()
    late = skipped.astimezone(UTC)
    early = skipped.replace(fold=1).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        late, early = (middle, early) if middle.astimezone(skipped.tzinfo).utcoffset() == after else (late, middle)
    return late.replace(microsecond=0)


class AddressField(forms.EmailField):
    """An email address of at most 254 characters, as its column takes; Django's field takes 320."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=ADDRESS, error_messages={"max_length": TOO_LONG}, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
        return {**attrs, "dir": "auto"}


def focus(form: forms.BaseForm, name: str) -> None:
    """Where the cursor stands when the page opens; of a choice, in its first box."""
    form.fields[name].widget.attrs["autofocus"] = True


class FocusableRadios(forms.RadioSelect):
    """Radio buttons of which the first one alone takes the focus that is meant for the field."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["index"] != "0":
            option["attrs"].pop("autofocus", None)
        return option


class AlwaysSentCheckbox(forms.CheckboxInput):
    """A checkbox that is sent when it is not ticked, too: empty, by a hidden field before it. A form that has none can
    then be told from one where it was unticked."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        return format_html('<input type="hidden" name="{}" value="">{}', name, box)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each made something of by `read`; what it refuses is said with the file's name."""

    widget = FilesInput

    def __init__(self, *, read: Callable[[UploadedFile[Any]], Any], **kwargs: Any) -> None:
        self.read = read
        super().__init__(required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found, wrong = [], []
        for file in data or []:
            try:
                found.append(self.read(file))
            except Invalid as refusal:
                wrong.append(f"{cut(one_line(file.name), 60)}: {refusal.detail}")
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class ModelMultipleField(forms.ModelMultipleChoiceField):
    """Rows chosen by id. An id too long for the database is refused like one that does not exist."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and (odd := [pk for pk in value if len(str(pk)) > 18]):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": odd[0]})
        return super().clean(value)


class AccountModelForm(forms.ModelForm):
    """A form of the admin. A new row gets the account of the person who types it before constraints are checked, so
    that a name that is taken is refused at its field: Django leaves out a constraint with a field that the form does
    not have."""

    by: ClassVar[Any]  # set by AccountModelAdmin.get_form()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.account_id = self.by.account_id

    def _get_validation_exclusions(self) -> set[str]:
        constraints = self.instance._meta.constraints
        given = {name for each in constraints for name in getattr(each, "fields", ()) if name not in self.fields}
        return set(super()._get_validation_exclusions()) - given  # type: ignore[misc]


class KeyedForm(forms.Form):
    """A form with a hidden key, new with each empty one, by which a double click makes one row. The key that goes into
    the row is of what was sent, too: text that was changed after an answer was lost is a row of its own."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    keyed: ClassVar[tuple[str, ...] | None] = None  # the fields that end in the row; None: all

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"form_key": uuid4(), **self.initial}

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_valid() and (key := self.cleaned_data["form_key"]):
            sent = [(name, self[name].data) for name in self.keyed or self.fields if name != "form_key"]
            self.cleaned_data["form_key"] = uuid5(key, repr(sent))


class CorrectionForm(forms.Form):
    """A form whose initial values are what is stored, to be corrected. With the fields goes a check sum of what each
    showed. Its cleaned data has what was corrected alone: what was left alone stays as it is by now, and what somebody
    else has corrected as well is asked about, once."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_fields()
        sums = {name: self._sum(name, self.initial.get(name)) for name in self.fields if name != "shown"}
        self.initial = {"shown": _written(sums), **self.initial}

    def add_fields(self) -> None:
        """The place for fields, with their initial values, that depend on what is stored."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        fields = self.cleaned_data
        shown = dict(re.findall(r"(\w+):(\d+)", fields.pop("shown", "")))
        taken = {}  # sums of what somebody else has corrected as well
        for name, value in list(fields.items()):
            stored, typed = self._sum(name, self.initial.get(name)), self._sum(name, value)
            if typed == shown.get(name, stored):
                del fields[name]
            elif stored not in (typed, shown.get(name, stored)):
                taken[name] = stored
        self._ask_about(taken, shown)
        return fields

    def _ask_about(self, taken: dict[str, str], shown: dict[str, str]) -> None:
        if taken:
            self.data = cast(QueryDict, self.data).copy()
            self.data[self.add_prefix("shown")] = _written(shown | taken)
        for name in taken:
            now = self.initial.get(name)
            to = f" to “{cut(one_line(now), 90)}”" if isinstance(self.fields[name], forms.CharField) and now else ""
            self.add_error(name, f"This was changed{to} while the page was open. Save again to replace it.")

    def _sum(self, name: str, value: Any) -> str:
        """Of what the field shows for this value: a time to the minute, say; a box shows yes or no."""
        field = self.fields[name]
        shows = value if isinstance(value, bool) else field.widget.format_value(field.prepare_value(value))
        return check_sum("" if shows is None else str(shows))


def check_sum(text: str) -> str:
    return str(crc32(text.encode()))


def _written(sums: dict[str, str]) -> str:
    return " ".join(f"{name}:{value}" for name, value in sums.items())
