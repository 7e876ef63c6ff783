"""Settings. What differs between machines comes from the environment (or `.env`); importing this starts nothing."""

import datetime as dt
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

EMBEDDED = env.bool("EXEMPLAR_EMBEDDED", False)  # PostgreSQL and Redis from wheels, for one machine: config/embedded.py
DEMONSTRATION = env.bool("EXEMPLAR_DEMONSTRATION", False)  # invented people and awards: pages and documents say so
# Another day than today, for tests and demonstrations: grants/clock.py
TODAY = dt.date.fromisoformat(today) if (today := env.str("EXEMPLAR_TODAY", default="")) else None
DEBUG = env.bool("DEBUG", False)


def required(name: str) -> str:
    """A setting that has no safe guess: production must never write to a throwaway database."""
    if value := env.str(name, default=""):
        return value
    if EMBEDDED:
        raise ImproperlyConfigured(
            f"{name} is not set: start through make or manage.py, which bring up the embedded services."
        )
    raise ImproperlyConfigured(
        f"{name} is not set: set it, or EXEMPLAR_EMBEDDED=1 for PostgreSQL and Redis on this machine alone."
    )


SECRET_KEY = required("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if EMBEDDED or DEBUG else [])
SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://127.0.0.1:8000").rstrip("/")  # what links in messages begin with
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS", default=[SITE_ADDRESS] if SITE_ADDRESS.startswith("https:") else []
)

# Where files are kept
DATA = Path(env.str("EXEMPLAR_DATA", default=str(BASE_DIR / ".data"))).resolve()
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(DATA / "media"))  # served only by views that check who asks
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA / "static"))
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640

# Applications
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "import_export",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "grants.lifecycle",
    "grants.people",
    "grants.programmes",
    "grants.awards",
    "grants.money",
    "grants.reports",
    "grants.imports",
    "grants.desk",
    "reporting",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.security.ContentSecurityPolicy",
    "config.security.OnlyUtf8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.signing_in.SignInAgain",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["grants.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "grants.desk.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# PostgreSQL, the only database
def database(url: str) -> dict[str, Any]:
    """Django's words for postgres://user:password@host/name, or postgres://user@/name?host=/folder (a Unix socket)."""
    parts = env.db_url_config(url)
    if parts["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name")
    options = {"connect_timeout": 5, "application_name": "exemplar"}
    options |= {"options": "-c lock_timeout=15s"}  # who waits for a lock gets an error, not a page that never comes
    options |= parts.get("OPTIONS", {})
    return parts | {
        "HOST": options.pop("host", parts["HOST"]),
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,  # the door and the services open their own transactions
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(required("DATABASE_URL"))}

# Redis, the only broker, and the cache: better under another number, since to empty a cache is to empty its number
REDIS_URL = required("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=REDIS_URL),
        "KEY_PREFIX": "exemplar",
    }
}

# Celery: a job whose worker dies is started again. The rows are the queue of record; this is only the engine.
# The longest that a job may take; how long a worker owns a row that it claimed; when a silent worker is taken for dead:
JOB_SECONDS = env.int("EXEMPLAR_JOB_SECONDS", default=240)
CLAIM_SECONDS = env.int("EXEMPLAR_CLAIM_SECONDS", default=JOB_SECONDS + 30)
REDELIVER_SECONDS = env.int("EXEMPLAR_REDELIVER_SECONDS", default=JOB_SECONDS + 60)
if REDELIVER_SECONDS <= JOB_SECONDS:
    raise ImproperlyConfigured("EXEMPLAR_REDELIVER_SECONDS must exceed EXEMPLAR_JOB_SECONDS: a job would run twice.")
# kombu has words of its own for a Unix socket
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": REDELIVER_SECONDS,
    "unacked_restore_interval": 5,  # × throttle = seconds between looks for lost jobs; 100 by default
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 3,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = JOB_SECONDS
CELERY_TASK_SOFT_TIME_LIMIT = max(1, JOB_SECONDS * 9 // 10)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "exemplar"
# A person waits while a job is announced; where that fails, the sweep finds the row
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "beat")
CELERY_TIMEZONE = "Europe/London"

# Import and export
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
# The confirm step may reach another process than the upload did
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.MediaStorage"
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

# People
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Exemplar <exemplar@localhost>")
if EMBEDDED and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(DATA / "mail")
else:
    globals().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 20  # seconds: a mail server that says nothing holds up no worker for long

# Language and time: stored in UTC, decided in London
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FILTERS_EMPTY_CHOICE_LABEL = "Any"

# A page of figures has a field for each number, status and category of each target: Django's 1,000 is too few for 200
# targets, or for 20 that tell 42 categories apart, and what was typed would be lost. How much may be sent stays as it is.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Security: config/security.py adds the content security policy
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)  # only where it sets its headers itself, and strips what clients send
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"  # kept in the database, read from the cache
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
if not DEBUG and not EMBEDDED:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_WHOLE_DOMAIN", False)
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}, "pikepdf": {"level": "WARNING"}},
}
