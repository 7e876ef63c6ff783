"""Files at a report: taken in, taken out, and kept where a version has them."""

import hashlib
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from grants import clock
from grants.lifecycle.door import NotNow, Stale
from grants.people.models import User
from grants.programmes.models import Indicator, Section
from grants.reports.kinds import kind_of, tidy_name
from grants.reports.models import Evidence
from grants.reports.services.writing import writable


@transaction.atomic
def add_evidence(
    pk: int, section: Section, *, by: User, name: str, content: bytes, indicator: Indicator | None = None
) -> Evidence:
    """Take in a file at a part of a report, or at one of its figures, under a name that nobody can guess.

    Raises Unfit where the file is not taken, NotNow and NotYou.
    """
    kind = kind_of(name, content)
    report = writable(pk, by, section)
    if section not in report.asked_sections():
        raise NotNow("This report does not ask that part.")
    if indicator is not None and (
        section.form != Section.Form.FIGURES or not report.award.targets.filter(indicator=indicator).exists()
    ):
        raise NotNow("Choose a figure of this report.")
    if report.evidence.filter(removed_at=None).count() >= Evidence.MOST:
        raise NotNow(f"This report has {Evidence.MOST} files, and no more fit. Take one out first.")
    path = default_storage.save(f"evidence/{uuid4().hex}", ContentFile(content))
    try:
        return report.evidence.create(
            section=section,
            indicator=indicator,
            name=tidy_name(name, kind),
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            path=path,
            added_by=by,
        )
    except BaseException:
        default_storage.delete(path)
        raise


@transaction.atomic
def remove_evidence(pk: int, key: UUID, *, by: User) -> str:
    """Take a file out of what is written, and give its name. One that a version has, here or in another report, is kept."""
    report = writable(pk, by)
    evidence = report.evidence.filter(key=key, removed_at=None).first()
    if evidence is None:
        raise Stale("Somebody took this file out meanwhile.")
    if report.versions.filter(canonical__contains=str(key)).exists():
        evidence.removed_at = clock.now()
        evidence.save(update_fields=["removed_at"])
        return evidence.name
    evidence.delete()
    if not Evidence.objects.filter(path=evidence.path).exists():
        transaction.on_commit(lambda: default_storage.delete(evidence.path))
    return evidence.name


def content_of_file(evidence: Evidence) -> bytes:
    """The file itself."""
    with default_storage.open(evidence.path) as file:
        return bytes(file.read())
