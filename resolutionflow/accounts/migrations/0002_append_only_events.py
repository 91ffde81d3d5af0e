"""Events are append-only: on PostgreSQL the database itself refuses what no code should do.

DELETE is refused but while the whole account is deleted (Account.delete says so for its own
transaction), UPDATE but for setting `relayed_at` once.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('resolutionflow.deleting_account', true) = OLD.account_id::text THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.relayed_at IS NULL AND to_jsonb(NEW) - 'relayed_at' = to_jsonb(OLD) - 'relayed_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are append-only: % of event % refused', TG_OP, OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accounts_event_append_only BEFORE UPDATE OR DELETE ON accounts_event
    FOR EACH ROW EXECUTE FUNCTION accounts_event_append_only();
"""
DROP = """
DROP TRIGGER accounts_event_append_only ON accounts_event;
DROP FUNCTION accounts_event_append_only();
"""


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP))]
