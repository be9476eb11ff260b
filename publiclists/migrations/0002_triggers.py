"""What is published stays as it was signed; only a withdrawal may be added to an entry."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION publiclists_keep_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a publication is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER publication_is_kept BEFORE UPDATE OR DELETE ON publiclists_publication
    FOR EACH ROW EXECUTE FUNCTION publiclists_keep_publication();

CREATE FUNCTION publiclists_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM publiclists_publication WHERE id = OLD.publication_id) = 'published'
       AND (TG_OP = 'DELETE'
            OR OLD.withdrawn_on IS NOT NULL
            OR (NEW.publication_id, NEW.entry_id, NEW.number, NEW.text, NEW.salt)
               IS DISTINCT FROM
               (OLD.publication_id, OLD.entry_id, OLD.number, OLD.text, OLD.salt))
    THEN
        RAISE EXCEPTION 'a published entry is only ever withdrawn' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_entry_is_kept BEFORE UPDATE OR DELETE ON publiclists_publicationentry
    FOR EACH ROW EXECUTE FUNCTION publiclists_keep_entry();
"""

BACKWARD = """
DROP TRIGGER published_entry_is_kept ON publiclists_publicationentry;
DROP FUNCTION publiclists_keep_entry;
DROP TRIGGER publication_is_kept ON publiclists_publication;
DROP FUNCTION publiclists_keep_publication;
"""


class Migration(migrations.Migration):
    dependencies = [("publiclists", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
