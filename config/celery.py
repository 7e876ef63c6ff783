"""The Celery app, the whole beat schedule, and the sign of life that `/health/` reads."""

import os
import time
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import heartbeat_sent, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("exemplar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Tasks stand here by name, so that configuration imports no room. Each may run twice, and beat too: they claim rows.
app.conf.beat_schedule = {
    "sweep": {"task": "reporting.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "mail": {"task": "lifecycle.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "ask": {"task": "reports.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "remind": {"task": "reports.remind", "schedule": crontab(hour="6", minute="30"), "options": {"expires": 3000}},
    "lapse-offers": {"task": "awards.lapse", "schedule": crontab(minute="10"), "options": {"expires": 3000}},
}


@setup_logging.connect(dispatch_uid="logging")
def log_as_the_web_does(**_: Any) -> None:
    """A receiver keeps Celery from setting up logging of its own."""
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


ALIVE = "worker-alive"
ALIVE_SECONDS = 20  # a worker's heart beats every 2 seconds


@heartbeat_sent.connect(dispatch_uid="alive")
def say_alive(**_: Any) -> None:
    """A sign that lapses by itself. Reading it costs `/health/` nothing; to ask the workers would hold a web thread."""
    from django.core.cache import cache

    cache.set(ALIVE, int(time.time()), ALIVE_SECONDS)
