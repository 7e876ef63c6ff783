"""A brake on guessing: so many tries in a quarter of an hour, then none until it is over.

Counted in the cache, so that every web process counts the same. Django has none of its own; django-axes brings tables,
middleware and a backend for what these lines do. Where the cache is away, nobody is kept out.
"""

import hashlib
import logging
import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError

from grants.clock import LONDON

log = logging.getLogger(__name__)
SPAN = 15 * 60
TRIES = {"sign-in": 10, "link": 3}
"""With one e-mail address from one place, by what is tried."""
TRIES_OF_ONE_PLACE = 100


def hold_back(what: str, request: HttpRequest, email: str) -> str:
    """Count a try. Returns the sentence that refuses it, empty while there are tries left."""
    place = _place(request)
    try:
        of_one, of_all = _count(what, place, email), _count(what, place)
    except (RedisError, ValueError):  # away, or emptied just now
        log.warning("The cache is away: a try was not counted")
        return ""
    if of_one <= TRIES[what] and of_all <= TRIES_OF_ONE_PLACE:
        return ""
    over = datetime.fromtimestamp((_span() + 1) * SPAN, UTC)
    return f"There were too many tries. Try again after {timezone.localtime(over, LONDON):%H:%M}"


def release(what: str, request: HttpRequest, email: str) -> None:
    """Forget the tries with an address: the person was who they said."""
    place = _place(request)
    try:
        cache.delete(_key(what, place, email))
        cache.decr(_key(what, place))
    except (RedisError, ValueError):
        log.warning("The cache is away: a try is not forgotten")


def _count(what: str, *of: str) -> int:
    key = _key(what, *of)
    cache.add(key, 0, SPAN)
    return cache.incr(key)


def _key(what: str, *of: str) -> str:
    """Not the address itself: a cache is read by more people than the accounts are."""
    return (
        f"brake:{what}:{_span()}:{hashlib.sha256(repr([part.strip().casefold() for part in of]).encode()).hexdigest()}"
    )


def _span() -> int:
    return int(time.time() // SPAN)


def _place(request: HttpRequest) -> str:
    """Where the request comes from: behind a proxy of ours, what the proxy added last."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
