"""Triggers that keep issued papers, given numbers, frozen reports and received files as they are."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION governance_only_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN  -- TG_ARGV: the columns that may change
    IF to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% keeps its content', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER paper_stays BEFORE UPDATE ON governance_paper FOR EACH ROW
    WHEN (OLD.status = 'issued' AND NEW.status = 'withdrawn')
    EXECUTE FUNCTION governance_only_changes(
        'status', 'version', 'withdrawn_on', 'withdrawal_reason');
CREATE TRIGGER paper_only_withdrawn BEFORE UPDATE ON governance_paper FOR EACH ROW
    WHEN (NOT (OLD.status = 'issued' AND NEW.status = 'withdrawn'))
    EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER paper_not_deleted BEFORE DELETE ON governance_paper FOR EACH ROW
    EXECUTE FUNCTION governance_refuse();

CREATE TRIGGER number_stays BEFORE UPDATE ON governance_number FOR EACH ROW
    WHEN (OLD.state = 'reserved')
    EXECUTE FUNCTION governance_only_changes(
        'state', 'content_type_id', 'object_id', 'settled_at', 'void_reason');
CREATE TRIGGER number_settled_once BEFORE UPDATE ON governance_number FOR EACH ROW
    WHEN (OLD.state <> 'reserved') EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER number_not_deleted BEFORE DELETE ON governance_number FOR EACH ROW
    EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER series_counts_up BEFORE UPDATE ON governance_numberseries FOR EACH ROW
    WHEN (NEW.last > OLD.last) EXECUTE FUNCTION governance_only_changes('last');
CREATE TRIGGER series_never_back BEFORE UPDATE ON governance_numberseries FOR EACH ROW
    WHEN (NEW.last <= OLD.last) EXECUTE FUNCTION governance_refuse();
CREATE TRIGGER series_not_deleted BEFORE DELETE ON governance_numberseries FOR EACH ROW
    EXECUTE FUNCTION governance_refuse();

CREATE TRIGGER frozen_report_stays BEFORE UPDATE OR DELETE ON governance_frozenreport
    FOR EACH ROW EXECUTE FUNCTION governance_refuse();

CREATE TRIGGER attachment_stays BEFORE UPDATE ON governance_attachment FOR EACH ROW
    EXECUTE FUNCTION governance_only_changes('caption', 'voided_at', 'void_reason');
"""

BACKWARD = """
DROP TRIGGER attachment_stays ON governance_attachment;
DROP TRIGGER frozen_report_stays ON governance_frozenreport;
DROP TRIGGER series_not_deleted ON governance_numberseries;
DROP TRIGGER series_never_back ON governance_numberseries;
DROP TRIGGER series_counts_up ON governance_numberseries;
DROP TRIGGER number_not_deleted ON governance_number;
DROP TRIGGER number_settled_once ON governance_number;
DROP TRIGGER number_stays ON governance_number;
DROP TRIGGER paper_not_deleted ON governance_paper;
DROP TRIGGER paper_only_withdrawn ON governance_paper;
DROP TRIGGER paper_stays ON governance_paper;
DROP FUNCTION governance_only_changes;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_triggers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
