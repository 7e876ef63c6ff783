"""`manage.py load_demo`: the demonstration's programme, people and awards. Loaded once; again changes nothing."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from grants.awards.models import Award
from grants.formats import plural
from grants.people.models import User
from grants.reports.models import Report
from reporting.models import FunderReport


class Command(BaseCommand):
    """Its people share a password that everybody can read, so production is refused."""

    help = "Load the demonstration: a real programme of 2012 with illustrative amounts and results"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is not there yet, and say what there is."""
        if not (settings.DEMONSTRATION or settings.EMBEDDED or settings.DEBUG):
            raise CommandError("Its people share a public password. Where that is right, set EXEMPLAR_DEMONSTRATION=1.")
        started = time.monotonic()
        # By name, as a job: the demonstration stands above the rooms, which import nothing of it.
        if not import_string("config.demonstration.loading.load")():
            self.stdout.write("The demonstration is loaded already: nothing was changed.")
            return
        states = Award.objects.values("state").distinct().count()
        self.stdout.write(
            f"Loaded {plural(Award.objects.count(), 'award')} in {plural(states, 'state')},"
            f" {plural(Report.objects.count(), 'report')}, {plural(User.objects.count(), 'person', 'people')}"
            f" and {plural(FunderReport.objects.count(), 'funder report')} in {time.monotonic() - started:.0f} s."
        )
