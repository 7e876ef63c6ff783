"""`manage.py demo_codes --json`: the codes under which other commands find the demonstration."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string


class Command(BaseCommand):
    """Programme, funders and period, for scripts and for people."""

    help = "Print the demonstration's programme code, its funders and the period of its latest funder report"

    def add_arguments(self, parser: CommandParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        try:
            codes = import_string("config.demonstration.ready.codes")()
        except import_string("config.demonstration.ready.NotLoadedError") as fault:
            raise CommandError(str(fault)) from fault
        if options["json"]:
            self.stdout.write(json.dumps(codes, ensure_ascii=False))
            return
        self.stdout.write(f"Programme: {codes['programme']}")
        for funder in codes["funders"]:
            self.stdout.write(f"Funder: {funder['identifier']} ({funder['name']})")
        self.stdout.write(f"Period: {codes['period']['from']} to {codes['period']['to']}")
