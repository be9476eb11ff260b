#!/bin/sh
# The roles of the image. Anything else is a management command:
#   docker compose run --rm web verify_audit
set -eu
role=${1:-web}
case $role in
  web)
    exec gunicorn --config deploy/gunicorn.py config.wsgi:application
    ;;
  worker)
    exec celery -A config worker --loglevel INFO --without-gossip --without-mingle \
      --concurrency "${MINGSHU_WORKER_PROCESSES:-2}"
    ;;
  beat)
    # Exactly one, or every sweep runs twice (which harms nothing, but helps nobody).
    mkdir -p "$MINGSHU_VAR/beat"
    exec celery -A config beat --loglevel INFO --pidfile=
    ;;
  *)
    exec python manage.py "$@"
    ;;
esac
