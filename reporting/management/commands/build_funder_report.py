"""`manage.py build_funder_report`: one funder report as a file, through the code that the worker runs."""

import datetime
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.people.models import Organisation
from grants.programmes.models import Programme
from reporting.models import FunderReport
from reporting.services.building import make


class Command(BaseCommand):
    """Builds a report from the approved records into a file and prints its SHA-256. Nothing is stored or released."""

    help = "Build a funder report as a PDF file and print its SHA-256"

    def add_arguments(self, parser: CommandParser) -> None:
        """Programme, funder, period, file."""
        parser.add_argument("--programme", required=True, metavar="CODE")
        parser.add_argument("--funder", required=True, metavar="ORGID")
        parser.add_argument("--from", required=True, dest="start", type=datetime.date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", required=True, dest="end", type=datetime.date.fromisoformat, metavar="DATE")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, print its hash."""
        programme = Programme.objects.select_related("managing_body").filter(code__iexact=options["programme"]).first()
        funder = Organisation.objects.filter(identifier__iexact=options["funder"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']}.")
        if funder is None or not programme.shares.filter(funder=funder).exists():
            raise CommandError(f"{options['funder']} is not a funder of {programme.code}.")
        if options["end"] < options["start"]:
            raise CommandError("The period ends before it starts.")
        report = FunderReport(
            programme=programme, funder=funder, period_start=options["start"], period_end=options["end"], number=1
        )
        _, document = make(report)
        options["output"].write_bytes(document)
        self.stdout.write(hashlib.sha256(document).hexdigest())
