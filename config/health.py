"""`/health/`: do database, broker and worker answer, each told apart? No cause is named to strangers; the log does."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis

from config.celery import ALIVE

log = logging.getLogger(__name__)


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def broker() -> bool:
    with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as redis:
        return bool(redis.ping())


def worker() -> bool:
    return cache.get(ALIVE) is not None


def answers(part: Callable[[], bool]) -> bool:
    try:
        return part()
    except Exception:  # whatever is wrong with a part, the others are still told
        log.exception("health: %s does not answer", part.__name__)
        return False


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    parts = {part.__name__: answers(part) for part in (database, broker, worker)}
    well = all(parts.values())
    body = {"status": "well" if well else "unwell"} | {
        name: "well" if up else "no answer" for name, up in parts.items()
    }
    return JsonResponse(body, status=200 if well else 503)
