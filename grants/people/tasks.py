"""Jobs of a Celery worker."""

from celery import shared_task

from grants.people import services


@shared_task(
    name="people.password_link", autoretry_for=(OSError,), retry_backoff=10, max_retries=3, expires=600, time_limit=60
)
def password_link(email: str) -> bool:
    """Send a link to set a password. Twice does no harm: each works until a password is set."""
    return services.send_password_link(email)
