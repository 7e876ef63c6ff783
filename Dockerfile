# One image for web, worker, beat and migrations. What it needs to know comes from the environment: see README.md.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --no-create-home exemplar

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .

# Static files are part of the image; media is a volume; beat's own small file goes where a read-only container may write
ENV STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media EXEMPLAR_DATA=/tmp
RUN python -m compileall -q config grants reporting \
 && DJANGO_SETTINGS_MODULE=config.stand_in python manage.py collectstatic --no-input --verbosity 0 \
 && install -d -o exemplar /srv/media

USER exemplar
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket", "--access-logfile", "-"]
