"""The project's configuration. Importing it binds the tasks of every room to the one Celery app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
