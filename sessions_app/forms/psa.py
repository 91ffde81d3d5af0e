"""The form of a ticket system. Credentials are typed and never shown again."""

from __future__ import annotations

from typing import Any

from django import forms

from resolutionflow.accounts.models import User
from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import LineField
from sessions_app.models import PsaConnection
from sessions_app.models.gate import FEWEST, MOST
from sessions_app.models.psa import TIME_UNITS
from sessions_app.psa import PROVIDERS, Credential

KEPT = "Empty: as it is."


class PsaForm(forms.Form):
    """The fields of one kind of ticket system; `connection` is None for a new one."""

    name = LineField(label="Name", limit=SHORT, help_text="What your people call it.")
    base_url = forms.URLField(label="Address", max_length=500, assume_scheme="https")
    calls_per_minute = forms.IntegerField(
        label="Calls a minute",
        required=False,
        min_value=FEWEST,
        max_value=MOST,
    )
    time_unit = forms.TypedChoiceField(
        label="Round time up to",
        choices=TIME_UNITS,
        coerce=int,
        required=False,
        empty_value=None,
        initial=1,
        help_text="Minutes that are offered when somebody logs time; what they type instead is booked as typed.",
    )
    is_active = forms.BooleanField(label="Use it", required=False, initial=True)
    note_at_escalation = forms.BooleanField(label="When a session is escalated", required=False, initial=True)
    note_at_resolution = forms.BooleanField(label="When a session is resolved", required=False, initial=True)
    status_waiting = LineField(
        label="Status while it waits",
        limit=SHORT,
        required=False,
        help_text="When it is escalated, released or returned, or its claim has run out.",
    )
    status_working = LineField(
        label="Status while somebody works on it",
        limit=SHORT,
        required=False,
        help_text="When it was claimed, once the minute for undoing is over; when it is transferred, taken over, "
        "withdrawn or reopened.",
    )
    status_resolved = LineField(label="Status when it is resolved", limit=SHORT, required=False)
    owner_follows = forms.BooleanField(
        label="The owner follows",
        required=False,
        help_text="Who works on it; back to whom it came from while it waits; who resolved it. Where they are not "
        "mapped to anybody there, it is left.",
    )

    def __init__(self, *args: Any, by: User, kind: str, connection: PsaConnection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.kind, self.connection, self.provider = by, kind, connection, PROVIDERS[kind]
        self.label = self.provider.label  # templates would call the class
        self.fields["base_url"].help_text = self.provider.base_url_help
        self.fields[
            "calls_per_minute"
        ].help_text = f"All workers together make no more. Empty: {self.provider.calls_per_minute}."
        for credential in self.provider.fields:
            self.fields[f"credential_{credential.name}"] = self._field(credential)
        for option in self.provider.options:
            self.fields[f"option_{option.name}"] = LineField(
                label=option.label,
                limit=SHORT,
                required=False,
                help_text=option.help,
                initial=(connection.options if connection else {}).get(option.name) or option.default,
            )
        if connection is None:
            del self.fields["is_active"]
        else:
            self.initial.update({name: getattr(connection, name) for name in PsaConnection.BY_ITSELF})
            for status in self.statuses:
                status.field.widget.attrs["list"] = "statuses"

    def _field(self, credential: Credential) -> forms.CharField:
        widget = forms.PasswordInput if credential.secret else forms.TextInput
        return forms.CharField(
            label=credential.label,
            help_text=f"{credential.help} {KEPT if self.connection else ''}".strip(),
            max_length=2000,
            required=self.connection is None,
            widget=widget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = PsaConnection.objects.visible_to(self.by).exclude(pk=self.connection.pk if self.connection else 0)
        if others.filter(name=name).exists():
            raise forms.ValidationError("There is a connection of this name already.")
        return name

    def clean(self) -> dict[str, Any]:
        """Credentials come together: all of them, or, where they stay as they are, none."""
        data = super().clean() or {}
        names = [credential.name for credential in self.provider.fields]
        typed = {name: data.pop(f"credential_{name}", "") for name in names}
        data["credentials"] = typed if all(typed.values()) else {}
        chosen = {option: data.pop(f"option_{option.name}", "") for option in self.provider.options}
        data["options"] = {option.name: value for option, value in chosen.items() if value not in ("", option.default)}
        if any(typed.values()) and not all(typed.values()):
            self.add_error(None, "Type all credentials, or none.")
        base_url = str(data.get("base_url", ""))
        if self.connection and base_url and not data["credentials"] and self.connection.is_elsewhere(base_url):
            self.add_error("base_url", "Another host: type the credentials anew, they do not go along.")
        elif base_url:
            self._check_rules(base_url, data["options"], is_active=bool(data.get("is_active", True)))
        return data

    def _check_rules(self, base_url: str, options: dict[str, str], *, is_active: bool) -> None:
        """Errors that the connection itself finds in the address and the options."""
        pk = self.connection.pk if self.connection else None
        try:
            PsaConnection(pk=pk, kind=self.kind, base_url=base_url, options=options, is_active=is_active).clean()
        except forms.ValidationError as error:
            self.add_error(None, error)

    @property
    def statuses(self) -> list[forms.BoundField]:
        return [self[name] for name in PsaConnection.SET if name.startswith("status_")]

    @property
    def known_statuses(self) -> list[str]:
        """Those that tickets read from there have had."""
        if self.connection is None:
            return []
        told = self.connection.ticketcopy_rows.order_by().values_list("told__status", flat=True).distinct()
        return sorted(filter(None, told))

    @property
    def credentials(self) -> list[forms.BoundField]:
        return [self[f"credential_{credential.name}"] for credential in self.provider.fields]

    @property
    def options(self) -> list[forms.BoundField]:
        return [self[f"option_{option.name}"] for option in self.provider.options]
