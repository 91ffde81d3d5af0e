"""Credentials at rest: closed in the database, in dumps and in print; keys can be changed; a lost key is loud."""

from __future__ import annotations

import io

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import modelform_factory

from resolutionflow.core.encrypted_field import CannotDecrypt, Secrets, key_id
from sessions_app.models import PsaConnection

SECRET = "canary-5ecret"


@pytest.fixture
def keys(settings) -> list[str]:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    return settings.FIELD_ENCRYPTION_KEYS


@pytest.fixture
def helpdesk(northwind, keys) -> PsaConnection:
    return PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="request_tracker", credentials={"token": SECRET}
    )


def stored(connection_row: PsaConnection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM sessions_app_psaconnection WHERE id = %s", [connection_row.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_a_key_id_and_no_secret(helpdesk, keys):
    assert stored(helpdesk).startswith(f"{key_id(keys[0])}:")
    assert SECRET not in stored(helpdesk)


def test_it_reads_back(helpdesk):
    found = PsaConnection.objects.get(pk=helpdesk.pk)
    assert found.credentials == {"token": SECRET}
    assert found.credentials["token"] == SECRET


def test_nothing_prints_it(helpdesk):
    found = PsaConnection.objects.get(pk=helpdesk.pk)
    closed = f"{found!r} {found} {found.credentials!r} {found.credentials}"
    assert found.credentials["token"] == SECRET
    assert SECRET not in closed + repr(found.credentials) + str(found.credentials) + f"{vars(found)}"
    assert SECRET not in serializers.serialize("json", [found])


def test_a_dump_can_be_loaded_again(helpdesk):
    dump = serializers.serialize("json", PsaConnection.objects.all())
    helpdesk.delete()
    for entry in serializers.deserialize("json", dump):
        entry.save()
    assert PsaConnection.objects.get().credentials["token"] == SECRET


def test_no_model_form_has_it(helpdesk):
    form = modelform_factory(PsaConnection, fields=["name", "credentials"])(instance=helpdesk)
    assert "credentials" not in form.fields
    assert SECRET not in form.as_p()


def test_saving_other_fields_leaves_it_as_it_is(helpdesk):
    before = stored(helpdesk)
    found = PsaConnection.objects.get(pk=helpdesk.pk)
    found.name = "Service desk"
    found.save()
    assert stored(helpdesk) == before


def test_keys_are_rotated(helpdesk, settings, keys):
    old, new = keys[0], Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_keys", stdout=io.StringIO())
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert stored(helpdesk).startswith(f"{key_id(new)}:")
    assert PsaConnection.objects.get().credentials["token"] == SECRET


def test_a_lost_key_raises_when_used_and_stops_the_rotation(helpdesk, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    found = PsaConnection.objects.get(pk=helpdesk.pk)  # lists still work
    with pytest.raises(CannotDecrypt):
        found.credentials["token"]
    with pytest.raises(CommandError):
        call_command("rotate_keys", stdout=io.StringIO(), stderr=io.StringIO())


def test_a_changed_ciphertext_raises(helpdesk):
    with pytest.raises(CannotDecrypt):
        Secrets(stored=stored(helpdesk)[:-4] + "AAA=")["token"]
