"""What the clock does with awards. Safe to run twice: an offer that has lapsed is not found again."""

from celery import shared_task

from grants.awards.services import lapse_offers
from grants.formats import local_today


@shared_task(name="awards.lapse")
def lapse() -> int:
    """Withdraw the offers whose last day for acceptance has passed; returns how many."""
    return lapse_offers(local_today())
