"""Comments on the parts of a report, among the grantee's own people while it is written."""

from django.db import transaction
from django.urls import reverse

from grants import clock
from grants.lifecycle.door import NotNow
from grants.lifecycle.notices import notify
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Section
from grants.reports.models import Comment
from grants.reports.services.writing import writable

AMONG_US = "draft"
"""Begins what is told of a comment, as of every draft: messages of a draft are not shown to the managing body."""


@transaction.atomic
def comment_on(pk: int, section: Section, *, by: User, text: str) -> Comment:
    """Say something about a part to whoever writes it too. The same sent twice is one comment. Raises NotNow and NotYou."""
    report = writable(pk, by)
    if section not in report.asked_sections():
        raise NotNow("This report does not ask that part.")
    if not text.strip():
        raise NotNow("Write what you want to say.")
    said = report.comments.filter(section=section, by=by, text=text, resolved_at=None).first()
    if said is not None:
        return said
    comment = report.comments.create(section=section, by=by, text=text)
    others = User.objects.holding(report.award.organisation_id, *GRANTEE_ROLES).exclude(pk=by.pk)
    notify(
        others,
        report,
        f"{AMONG_US}/comment-{comment.pk}",
        f"{by}: {text}",
        f"{reverse('reports:part', args=[report.pk, section.code])}#comments",
        subject=f"A comment on “{section.title}”: {report}",
    )
    return comment


@transaction.atomic
def resolve_comment(pk: int, comment: int, *, by: User) -> Comment:
    """Take a comment off the list of what is open; whoever writes the report does. Raises NotNow and NotYou."""
    report = writable(pk, by)
    found = report.comments.get(pk=comment)
    if found.resolved_at is None:
        found.resolved_by, found.resolved_at = by, clock.now()
        found.save(update_fields=["resolved_by", "resolved_at"])
    return found
