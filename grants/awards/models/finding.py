"""Which awards a person sees, and which a search finds."""

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Q

from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES, ORGANISATION_WORDS, Community, Organisation, User

if TYPE_CHECKING:
    from grants.awards.models.award import Award  # noqa: F401  read from the string below

FROM_OFFER_ON = ("offered", "active", "evaluating", "suspended", "closed", "terminated")
# What full-text search reads of an award: an index holds this very expression
WORDS = SearchVector("reference", "title", "place", "description", config="simple")
MOST_WORDS = 10


def beginning_with(word: str) -> str:
    """A word that somebody typed as PostgreSQL's tsquery for whatever begins with it; nothing in it is taken for an operator."""
    return "'{}':*".format(word.replace("\\", "\\\\").replace("'", "''"))


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, user: User) -> "AwardQuerySet":
        """The awards that a person may see: those of their organisations, and of the strands that their body manages.

        A managing body sees an application once it was submitted. A funder sees its own fundings, not the award.
        """
        return self.filter(self.seen_by(user))

    def seen_by(self, user: User, at: str = "") -> Q:
        """The condition of `visible_to`, for rows that hang on an award: `at` is the way to it, such as "award__".

        It joins nothing that has many rows, and asks by keys, so that indexes answer it: no row is doubled.
        """
        return self.seen_as_grantee(user, at) | self.seen_as_managing_body(user, at)

    @staticmethod
    def seen_as_grantee(user: User, at: str = "") -> Q:
        """Of the recipient; from the offer on also of a member of its community."""
        own, joined = user.organisations_as(*GRANTEE_ROLES), user.communities
        return Q((f"{at}organisation__in", own)) | Q((f"{at}community__in", joined), (f"{at}state__in", FROM_OFFER_ON))

    @staticmethod
    def seen_as_managing_body(user: User, at: str = "") -> Q:
        """Of a strand that the person's body manages, and submitted at least once."""
        managed = Q((f"{at}strand__managing_body__in", user.organisations_as(*MANAGING_ROLES)))
        never_submitted = Q((f"{at}state", "withdrawn"), (f"{at}submitted_at", None))
        return managed & ~Q((f"{at}state", "draft")) & ~never_submitted

    def matching(self, words: str) -> "AwardQuerySet":
        """The awards in which every word is found, or begins a word: in title, place, description, the recipient's name or
        city, the community's name; or stands anywhere in the reference.

        Signs are no words; a text of signs alone finds nothing. Each condition is a query of its own, which an index answers.
        """
        asked = [word for word in words.split() if any(sign.isalnum() for sign in word)] or words.split()
        found = self
        for word in asked[:MOST_WORDS]:
            query = SearchQuery(beginning_with(word), config="simple", search_type="raw")
            awards = self.model._default_manager.order_by().annotate(words=WORDS).filter(words=query)
            recipients = Organisation.objects.order_by().annotate(words=ORGANISATION_WORDS).filter(words=query)
            found = found.filter(
                Q(pk__in=awards.values("pk"))
                | Q(organisation__in=recipients.values("pk"))
                | Q(community__in=Community.objects.order_by().filter(name__icontains=word).values("pk"))
                | Q(reference__icontains=word)
            )
        return found

    def named(self) -> "AwardQuerySet":
        """With everything that a line in a list shows."""
        return self.select_related("strand__managing_body", "strand__programme", "organisation", "community")
