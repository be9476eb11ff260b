"""The Celery application and every periodic job; each job may run twice without harm."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

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
    # A beat that no worker took in time is dropped: the next one does the same and more.
    "sweep-reminders": {
        "task": "governance.tasks.sweep_reminders",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "deliver-messages": {
        "task": "governance.tasks.deliver_messages",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "make-digests": {
        "task": "governance.tasks.make_digests",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "drop-old-previews": {
        "task": "governance.tasks.drop_old_previews",
        "schedule": crontab(hour="3", minute="20"),
    },
    "wake-imports": {
        "task": "institutions.tasks.wake_imports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "wake-exports": {
        "task": "desk.tasks.wake_exports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "drop-old-exports": {
        "task": "desk.tasks.drop_old_exports",
        "schedule": crontab(minute="25"),
        "options": {"expires": 3_000},
    },
    "look-at-changed-records": {
        "task": "institutions.tasks.look_at_changed",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "look-for-duplicates": {
        "task": "institutions.tasks.look_for_duplicates",
        "schedule": crontab(hour="2", minute="40"),
    },
    "issue-monthly": {
        "task": "campaigns.tasks.issue_monthly",
        "schedule": crontab(minute="10"),
        "options": {"expires": 3_000},
    },
    "build-publications": {"task": "publiclists.tasks.build_waiting", "schedule": 120.0},
    "check-lists": {
        "task": "publiclists.tasks.check_lists",
        "schedule": crontab(minute="5"),
        "options": {"expires": 3_000},
    },
    # What a lost message left in the queue of checks; usually there is nothing to do.
    "check-changed": {
        "task": "institutions.tasks.check_changed",
        "schedule": 120.0,
        "options": {"expires": 110},
    },
    "check-all": {
        "task": "institutions.tasks.check_all",
        "schedule": crontab(hour="1", minute="10"),
    },
}
