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


def add_evidence(
    pk: int, section: Section, *, by: User, name: str, content: bytes, indicator: Indicator | None = None
) -> Evidence:
    """Take in a file at a part of a report, or at one of its figures, under a name that nobody can guess.

    Raises Unfit where the file is not taken, NotNow and NotYou.
    """
    kind = kind_of(name, content)  # before the lock: nobody waits while a large file is looked into
    return _take_in(pk, section, by, tidy_name(name, kind), kind, content, indicator)


@transaction.atomic
def _take_in(
    pk: int, section: Section, by: User, name: str, kind: Evidence.Kind, content: bytes, indicator: Indicator | None
) -> Evidence:
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
            name=name,
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
def remove_evidence(pk: int, section: Section, key: UUID, *, by: User) -> str:
    """Take a file out of a part, and give its name. One that a version has, here or in another report, is kept.

    Raises NotNow where the part is not asked, or locked by a return, NotYou, and Stale where the file is not there.
    """
    report = writable(pk, by, section)
    if section not in report.asked_sections():
        raise NotNow("This report does not ask that part.")
    evidence = report.evidence.filter(section=section, key=key, removed_at=None).first()
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
