"""`manage.py transitions`: the machines as they stand in the code."""

from typing import Any

from django.core.management.base import BaseCommand

from grants.lifecycle.diagrams import pages


class Command(BaseCommand):
    """Prints each machine as a Mermaid diagram and as a table, with its consequences."""

    help = "Print each state machine as a Mermaid diagram and as a table, with its consequences"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write Markdown to standard output; docs/machines.md holds the same."""
        self.stdout.write("\n".join(pages()))
