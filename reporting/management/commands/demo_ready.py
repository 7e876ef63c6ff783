"""`manage.py demo_ready`: waits for the worker's report, then says who can sign in. The end of `make demo`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string


class Command(BaseCommand):
    """Prints the sign-ins of the demonstration, one a line, and what each can do first."""

    help = "Wait until the demonstration's funder report is built, then print who can sign in"

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait, then print."""
        try:
            sentence = import_string("config.demonstration.ready.document")()
        except import_string("config.demonstration.ready.NotLoadedError") as fault:
            raise CommandError(str(fault)) from fault
        for line in ["", *import_string("config.demonstration.ready.table")(), sentence]:
            self.stdout.write(line)
