"""`manage.py verify_report FILE`: whether a PDF is a funder report that was released here, byte by byte. Needs no network."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.verifying import Verdict, by_file

WORDS = {
    Verdict.GENUINE: "genuine: released here, and it stands",
    Verdict.SUPERSEDED: "superseded: released here, and a later version has taken its place",
    Verdict.WITHDRAWN: "withdrawn: released here, and taken back since",
    Verdict.NOT_RELEASED: "not released: built here, and given to no funder",
    Verdict.ALTERED: "altered: it names a snapshot of ours, but its bytes are not those that were kept",
    Verdict.UNKNOWN: "unknown: no document of ours has these bytes or names such a snapshot",
}


class Command(BaseCommand):
    """Says what a document is; the exit code is 0 for a genuine one alone."""

    help = "Say whether a PDF is a funder report that was released here"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it; raises CommandError for everything but a genuine document."""
        try:
            content = options["file"].read_bytes()
        except OSError as fault:
            raise CommandError(f"{options['file']} cannot be read: {fault.strerror}.") from fault
        found = by_file(content)
        name = f"{found.report.reference}, version {found.report.number}: " if found.report else ""
        if found.verdict is not Verdict.GENUINE:
            raise CommandError(f"{name}{WORDS[found.verdict]}.")
        self.stdout.write(f"{name}{WORDS[found.verdict]}.")
