"""Is the process alive, is it ready, what does it count."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from redis.exceptions import RedisError

from governance import reminders

UNSEALED = Gauge("mingshu_audit_unsealed_events", "Audit events that wait for their seal")
BEAT_AGE = Gauge("mingshu_beat_age_seconds", "Seconds since the last sweep")


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Database with working trigrams for Chinese, broker, and a sweep not long ago; else 503."""
    checks = {"database": _database(), "broker": _broker(), "beat": _beat()}
    ready = all(value == "ok" for value in checks.values())
    body = {"status": "ok" if ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text of this process and of the shared queues."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM governance_auditevent WHERE seal_id IS NULL")
        UNSEALED.set(cursor.fetchone()[0])
    BEAT_AGE.set(reminders.seconds_since_beat() or 0)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def trigram_fault() -> str:
    """Why Chinese search would not work here; empty when it does (see libraries' locale trap)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('校外')")
        found = cursor.fetchone()[0]
    return "" if found else "the database locale yields no trigrams for Chinese; use C.UTF-8"


def _database() -> str:
    try:
        return trigram_fault() or "ok"
    except DatabaseError as error:
        return type(error).__name__


def _broker() -> str:
    try:
        location = settings.CACHES["default"]["LOCATION"]
        redis.Redis.from_url(location, socket_timeout=2).ping()
    except (RedisError, OSError) as error:
        return type(error).__name__
    return "ok"


def _beat() -> str:
    age = reminders.seconds_since_beat()
    if age is None:
        return "no sweep yet"
    return "ok" if age < 300 else f"last sweep {age:.0f} s ago"
