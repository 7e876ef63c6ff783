"""`manage.py import_awards FILE --programme CODE`: the import of the pages, for the server's own use."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grants.formats import plural
from grants.imports.services import Unreadable, apply_import, check_file, upload
from grants.lifecycle.actors import SYSTEM, Actor
from grants.lifecycle.door import Refused
from grants.people.models import User
from grants.programmes.models import Programme

FAULTY, IMPOSSIBLE = 1, 2


class Command(BaseCommand):
    """Exits with 0 when it is done, 1 when the file has faults, 2 when nothing could be checked."""

    help = "Import awards from an XLSX or CSV file with 360Giving titles: all of them, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the XLSX or CSV file")
        parser.add_argument("--programme", required=True, metavar="CODE", help="the programme's code")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator in whose name; otherwise Exemplar's own")
        parser.add_argument("--check", action="store_true", help="only check: write nothing")
        parser.add_argument(
            "--json", action="store_true", help='print {"faults": [...], "counts": {...}} and nothing else'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            programme = self._programme(options["programme"])
            by = self._actor(options["by"])
            faults, counts, done = self._run(programme, path.name, path.read_bytes(), by, check_only=options["check"])
        except OSError as fault:
            raise CommandError(f"{path} cannot be read: {fault.strerror}.", returncode=IMPOSSIBLE) from fault
        except (Unreadable, Refused) as fault:
            raise CommandError(str(fault), returncode=IMPOSSIBLE) from fault
        if options["json"]:
            self.stdout.write(json.dumps({"faults": faults, "counts": counts}, ensure_ascii=False, indent=2))
        else:
            self._print(faults, counts, done=done)
        if faults:
            raise CommandError(f"{plural(len(faults), 'fault')}; nothing was imported.", returncode=FAULTY)

    @staticmethod
    def _programme(code: str) -> Programme:
        programme = Programme.objects.select_related("managing_body").filter(code__iexact=code.strip()).first()
        if programme is None:
            known = ", ".join(Programme.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no programme {code}. Known: {known}.", returncode=IMPOSSIBLE)
        return programme

    @staticmethod
    def _actor(email: str | None) -> Actor:
        if email is None:
            return SYSTEM
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"Nobody has the e-mail address {email}.", returncode=IMPOSSIBLE)
        return user

    @staticmethod
    def _run(
        programme: Programme, name: str, content: bytes, by: Actor, *, check_only: bool
    ) -> tuple[list[dict[str, str]], dict[str, int], bool]:
        if check_only:
            checked = check_file(programme, name, content)
            return checked.rows(), checked.counts, False
        record = upload(programme, name, content, by)
        if not record.faults:
            record = apply_import(record.pk, by=by, seen=record.revision)
        return record.faults, record.counts, not record.faults

    def _print(self, faults: list[dict[str, str]], counts: dict[str, int], *, done: bool) -> None:
        for row in faults:
            value = f" “{row['value']}”" if row["value"] else ""
            self.stdout.write(f"{row['sheet']} {row['cell']}{value}: {row['fault']} {row['mend']}")
        if not faults:
            word = "made" if done else "to make"
            other = "changed" if done else "to change"
            made = plural(counts["made"], "award")
            self.stdout.write(f"{made} {word}, {counts['changed']:,} {other}, {counts['unchanged']:,} unchanged.")
