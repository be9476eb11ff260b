"""The Celery application and every periodic job; each job may run twice without harm."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402 - settings need the variable above

app = Celery("mingshu", broker=settings.REDIS_URL)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=600,
    task_soft_time_limit=570,
    task_ignore_result=True,
    broker_transport_options={"visibility_timeout": 3600},
    broker_connection_retry_on_startup=True,
    timezone="Asia/Shanghai",
    beat_schedule_filename=str(settings.MINGSHU_VAR / "beat" / "schedule"),
    worker_hijack_root_logger=False,
)
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "seal-audit": {"task": "governance.tasks.seal_audit", "schedule": 60.0},
}
