"""Triggers that keep the audit trail append-only, and the one installation row's guard."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION governance_event_digest(event governance_auditevent) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(chr(31),
        event.id, extract(epoch FROM event.at), event.verb, event.by_id, event.content_type_id,
        event.object_id, event.subject_label, event.division_id, event.facts::text,
        event.request_id, host(event.address)), 'UTF8')), 'hex')
$$;

CREATE FUNCTION governance_audit_witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_auditwitness (event_id, digest)
    VALUES (NEW.id, governance_event_digest(NEW));
    RETURN NULL;
END $$;

CREATE FUNCTION governance_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
       AND governance_event_digest(OLD) = governance_event_digest(NEW) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION governance_witness_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM governance_auditevent
                                    WHERE id = OLD.event_id AND seal_id IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a witness stays until its event is sealed'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION governance_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_witness AFTER INSERT ON governance_auditevent
    FOR EACH ROW EXECUTE FUNCTION governance_audit_witness();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON governance_auditevent
    FOR EACH ROW EXECUTE FUNCTION governance_audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON governance_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON governance_auditseal
    FOR EACH ROW EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON governance_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER witness_stays BEFORE UPDATE OR DELETE ON governance_auditwitness
    FOR EACH ROW EXECUTE FUNCTION governance_witness_stays();
CREATE TRIGGER witness_no_truncate BEFORE TRUNCATE ON governance_auditwitness
    FOR EACH STATEMENT EXECUTE FUNCTION governance_refuse();
"""

BACKWARD = """
DROP TRIGGER witness_no_truncate ON governance_auditwitness;
DROP TRIGGER witness_stays ON governance_auditwitness;
DROP TRIGGER seal_no_truncate ON governance_auditseal;
DROP TRIGGER seal_append_only ON governance_auditseal;
DROP TRIGGER audit_no_truncate ON governance_auditevent;
DROP TRIGGER audit_append_only ON governance_auditevent;
DROP TRIGGER audit_witness ON governance_auditevent;
DROP FUNCTION governance_refuse, governance_witness_stays, governance_audit_append_only,
    governance_audit_witness, governance_event_digest;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_kernel")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
