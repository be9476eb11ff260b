"""What the planner must know of the present periods of a county.

Without it both conditions of the ledger count as rare and independent, and lists of thousands of
rows are planned as if they had two.
"""

from django.db import migrations

CREATE = """
CREATE STATISTICS period_now ON (upper(during)), (substring(township_id::text, 1, 6))
FROM institutions_institutionperiod
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP STATISTICS period_now")]
