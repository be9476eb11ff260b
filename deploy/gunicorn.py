"""gunicorn for `run.py` and for the containers: threads, because requests wait for the database."""

import os

bind = os.environ.get("MINGSHU_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("MINGSHU_WEB_WORKERS", "2"))
threads = int(os.environ.get("MINGSHU_WEB_THREADS", "4"))
preload_app = True  # imported once, shared by the workers
timeout = 120  # an export of 50,000 rows is made within a request
graceful_timeout = 8
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
accesslog = "-"
access_log_format = "%(t)s %(s)s %(m)s %(U)s %(b)s bytes %(M)s ms"  # no query strings: names
