"""Form fields for what people type and paste: cleaned like all stored text, never cut in silence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resolutionflow.text import LINE, LONG, NOTE, clean, one_line

TOO_LONG = _("This is %(show_value)s characters long and %(limit_value)s fit. Keep the part that matters.")


class Typed(forms.CharField):
    """No `maxlength` in the page: a browser cuts a paste there in silence. The server says it, and keeps the text."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.limit = limit

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.limit:
            sizes = {"show_value": f"{len(value):,}", "limit_value": f"{self.limit:,}"}
            raise forms.ValidationError(TOO_LONG, code="max_length", params=sizes)


class LineField(Typed):
    """One line: white space is folded, what cannot be seen is taken out."""

    def __init__(self, *, limit: int = LINE, **kwargs: Any) -> None:
        super().__init__(limit=limit, **kwargs)

    def to_python(self, value: Any) -> str:
        return one_line(str(super().to_python(value)))


class TextField(Typed):
    """Text of many lines."""

    def __init__(self, *, limit: int = NOTE, rows: int = 4, mono: bool = False, **kwargs: Any) -> None:
        attrs = {"rows": rows, **({"class": "mono", "spellcheck": "false"} if mono else {})}
        super().__init__(limit=limit, widget=forms.Textarea(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return clean(str(super().to_python(value)))


class LogField(TextField):
    """A pasted log, or the output of a command."""

    def __init__(self, *, rows: int = 10, **kwargs: Any) -> None:
        super().__init__(limit=LONG, rows=rows, mono=True, **kwargs)


class ManyField(forms.ModelMultipleChoiceField):
    """Rows chosen by id; an id no database can hold is as wrong as any other that is not there."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and (odd := [pk for pk in value if len(str(pk)) > 18]):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": odd[0]})
        return super().clean(value)


class KeyField(forms.UUIDField):
    """The form's own key, new with each empty form: what makes a double click one row."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)
