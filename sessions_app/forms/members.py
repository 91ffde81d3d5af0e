"""The form that says who the members are in a ticket system: one select each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import CorrectionForm, LineField
from sessions_app.models import NOBODY, Mapped
from sessions_app.psa import Technician


class TechnicianSelect(forms.Widget):
    """A select of technicians. Those are drawn once for all members: hundreds each for dozens of them would take
    Django's own seconds. What is chosen and not among them is an option of its own, so that nothing is lost."""

    def __init__(self, technicians: SafeString, by_email: str) -> None:
        super().__init__()
        self.technicians, self.by_email = technicians, by_email

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        own = [("", self.by_email), (NOBODY, "Nobody")]
        chosen, drawn = str(value or ""), f'value="{escape(value or "")}"'
        if chosen not in ("", NOBODY) and drawn not in self.technicians:
            own.append((chosen, f"{chosen}, not listed"))
        marked = [(option, mark_safe(" selected") if option == chosen else "", label) for option, label in own]
        options = format_html_join("", '<option value="{}"{}>{}</option>', marked)
        if drawn in self.technicians:  # a label has no quotation mark that is not escaped
            listed = mark_safe(self.technicians.replace(drawn, f"{drawn} selected", 1))  # noqa: S308
        else:
            listed = self.technicians
        return format_html("<select{}>{}{}</select>", flatatt(self.build_attrs(attrs, {"name": name})), options, listed)


class MembersForm(CorrectionForm):
    """Who each of `mapped` is; where no technician is listed, their ids are typed."""

    def __init__(self, *args: Any, mapped: list[Mapped], technicians: list[Technician], **kwargs: Any) -> None:
        self.mapped = sorted(mapped, key=lambda one: (not one.is_unmapped, not one.is_gone))
        by_name = sorted(technicians, key=lambda one: (one.name.casefold(), one.id))
        rows = ((one.id, one.name, one.id) for one in by_name)
        self.technicians = format_html_join("", '<option value="{}">{} ({})</option>', rows)
        super().__init__(*args, **kwargs)

    def add_fields(self) -> None:
        for one in self.mapped:
            name = _name(one)
            self.fields[name] = LineField(label=one.member.name, limit=SHORT, required=False, help_text=one.said)
            if self.technicians:
                by_email = one.technician.name if one.how == one.EMAIL and one.technician else "nobody found"
                self.fields[name].widget = TechnicianSelect(self.technicians, f"By email: {by_email}")
                self.fields[name].widget.attrs["dir"] = "auto"
            self.initial[name] = (one.identifier or NOBODY) if one.how == one.HAND else ""

    def clean(self) -> dict[str, Any]:
        """What was not sent stays as it is: they became members since."""
        for one in self.mapped:
            if self.add_prefix(_name(one)) not in self.data:
                self.cleaned_data.pop(_name(one), None)
        return super().clean()

    @property
    def chosen(self) -> dict[int, str | None]:
        """Who was corrected, as MemberMapping.choose() takes it."""
        typed = {one.member.pk: self.cleaned_data.get(_name(one)) for one in self.mapped}
        meant = {"": None, NOBODY: ""}
        return {pk: meant.get(value, value) for pk, value in typed.items() if value is not None}

    @property
    def rows(self) -> list[tuple[Mapped, forms.BoundField]]:
        return [(one, self[_name(one)]) for one in self.mapped]


def _name(one: Mapped) -> str:
    return f"member_{one.member.pk}"
