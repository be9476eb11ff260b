"""What happened to a clock stays: no event is changed or deleted."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER clock_event_stays BEFORE UPDATE OR DELETE ON governance_clockevent
    FOR EACH ROW EXECUTE FUNCTION governance_refuse();
"""
BACKWARD = "DROP TRIGGER clock_event_stays ON governance_clockevent;"


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_imports")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
