"""Settings for tools that read the code and run none of it (mypy's Django plugin), with addresses nobody calls."""

import os

for name, value in {
    "SECRET_KEY": "stand-in",
    "DATABASE_URL": "postgres://stand-in",
    "REDIS_URL": "redis://stand-in",
}.items():
    os.environ.setdefault(name, value)

from config.settings import *  # noqa: E402, F403
