# One image for web, worker and beat: compose.yaml says which of them a container is.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-cache
COPY manage.py ./
COPY tracker tracker
COPY templates templates
COPY static static
COPY seeds seeds
# Collecting files asks nothing of a database, and no real secret is at hand while building.
RUN TRACKER_MODE=production TRACKER_DATA_DIR=/tmp/build ALLOWED_HOSTS=localhost \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    DATABASE_URL=sqlite:////tmp/build/none REDIS_URL=redis://localhost EMAIL_URL=smtp://localhost \
    .venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 tracker \
    && useradd --system --uid 10001 --gid tracker --no-create-home tracker \
    && install -d -o tracker -g tracker -m 0700 /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TRACKER_MODE=production \
    TRACKER_DATA_DIR=/data \
    TRACKER_BIND=0.0.0.0 \
    PORT=8000
USER tracker
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:tracker.config.gunicorn", "tracker.config.wsgi"]
