# One image for the three Python roles: web, worker, beat (and `setup`, which migrates).

FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-slim-bookworm AS packages
WORKDIR /app
COPY requirements/uv.txt requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
 && python -m venv --without-pip /venv \
 && uv pip install --no-cache --python /venv/bin/python --require-hashes --no-deps \
      --compile-bytecode -r requirements/base.txt

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    MINGSHU_MODE=production \
    MINGSHU_BIND=0.0.0.0:8000 \
    MINGSHU_VAR=/var/lib/mingshu \
    MINGSHU_STATIC_ROOT=/app/staticfiles \
    MINGSHU_NODE_MODULES=/app/node_modules
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=front /app/node_modules node_modules
COPY . .
# Translations and static files are part of the image: containers write nothing outside their
# volume. The addresses below are only there so that the settings load.
RUN export MINGSHU_MODE=test MINGSHU_VAR=/tmp/build REDIS_URL=redis://none \
      DATABASE_URL=postgres://none/none \
 && python manage.py messages --compile \
 && MINGSHU_MODE=demo python manage.py collectstatic --noinput --verbosity 0 \
 && rm -rf /tmp/build \
 && useradd --system --uid 10001 --create-home mingshu \
 && install -d -o mingshu -g mingshu -m 0750 /var/lib/mingshu \
 && install -d -o mingshu -g mingshu -m 0700 /var/lib/mingshu-keys
USER mingshu
VOLUME ["/var/lib/mingshu", "/var/lib/mingshu-keys"]
EXPOSE 8000
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD ["web"]
