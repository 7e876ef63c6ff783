"""The Django admin: what administrators set up, and what is only looked at there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.people.models import Community, Organisation
from grants.programmes.models import Programme, Strand
from tests import factories

pytestmark = pytest.mark.django_db
LISTS = [
    "awards_award",
    "people_organisation",
    "people_community",
    "programmes_programme",
    "programmes_call",
    "programmes_activitytype",
    "programmes_breakdown",
]


def url(record: Any, what: str = "change") -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{what}", args=[record.pk])


def inline(prefix: str, total: int = 0, initial: int = 0) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": str(total), f"{prefix}-INITIAL_FORMS": str(initial)}


@pytest.mark.parametrize("part", ["editor", "signatory", "reviewer", "approver", "finance", "viewer", "stranger"])
def test_admin_is_for_administrators(client: Client, part: str) -> None:
    who = factories.cast()
    client.force_login(getattr(who, part))
    for name in LISTS:
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 302


def test_admin_shows_every_list_and_record(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    community = factories.a_community(who.recipient)
    client.force_login(who.administrator)
    assert client.get(reverse("admin:index")).status_code == 200
    for name in LISTS:
        assert client.get(reverse(f"admin:{name}_changelist"), {"q": "a"}).status_code == 200
    kind = who.programme.activity_types.all()[0]
    for record in (award, community, who.recipient, who.programme, award.call, kind):
        assert client.get(url(record)).status_code == 200, record


def test_awards_are_only_looked_at_and_only_by_their_managing_body(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    client.force_login(who.administrator)
    page = client.get(url(award)).content.decode()
    assert 'name="title"' not in page
    assert client.post(url(award), {"title": "Mine"}).status_code == 403
    assert client.post(url(award, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:awards_award_add")).status_code == 403
    client.force_login(who.outsider)
    assert client.get(url(award)).status_code == 302
    assert award.reference not in client.get(reverse("admin:awards_award_changelist")).content.decode()


def test_programme_with_a_new_strand_asks_the_usual(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    sent = {
        "code": "STEM2",
        "title": "STEM, second round",
        "managing_body": str(who.managing_body.pk),
        "starts": "2026-09-01",
        "ends": "2028-07-31",
        **inline("shares", 1),
        "shares-0-funder": str(who.funder.pk),
        "shares-0-per_cent": "100",
        **inline("strands", 1),
        "strands-0-code": "EX",
        "strands-0-title": "Exemplars",
        "strands-0-kind": "exemplars",
        "strands-0-managing_body": str(who.managing_body.pk),
        "strands-0-light_below": "10000",
        "strands-0-review_days": "14",
    }
    assert client.post(reverse("admin:programmes_programme_add"), sent).status_code == 302
    strand = Strand.objects.get(programme__code="STEM2")
    assert {chosen.kind for chosen in strand.section_sets.all()} == {"report", "evaluation"}
    assert strand.programme.shares.get().funder == who.funder


def test_programme_of_another_body_is_only_looked_at(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.outsider)
    page = client.get(url(who.programme)).content.decode()
    assert who.programme.title in page
    assert 'name="title"' not in page
    assert client.post(url(who.programme), {"title": "Mine"}).status_code == 403
    form = client.get(reverse("admin:programmes_call_add")).context["adminform"].form
    assert not form.fields["strand"].queryset.exists()


def test_what_is_used_is_not_removed(client: Client) -> None:
    who = factories.cast()
    factories.award_in("active", who)
    client.force_login(who.administrator)
    factories.report_in("draft", who)
    kind = who.programme.activity_types.all()[0]  # of the report's activity
    for record in (who.recipient, who.programme, who.exemplars.calls.get(), kind):
        assert client.post(url(record, "delete"), {"post": "yes"}).status_code == 403
    unused = factories.organisation()
    community = factories.a_community(factories.organisation(), factories.organisation())
    for fresh in (unused, community, factories.a_call(who.exemplars)):
        assert client.post(url(fresh, "delete"), {"post": "yes"}).status_code == 302
    assert not Organisation.objects.filter(pk=unused.pk).exists()
    assert not Community.objects.filter(pk=community.pk).exists()


def test_what_has_pages_of_its_own_is_not_here(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    page = client.get(reverse("admin:index")).content.decode()
    assert "/programmes/call/" in page
    assert "/programmes/indicator/" not in page
    assert "/programmes/sectionset/" not in page


def test_admin_lists_ask_the_database_as_often_at_30_as_at_1(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    for name in ("programmes_call", "people_community", "programmes_programme"):
        with django_assert_max_num_queries(60) as one:
            client.get(reverse(f"admin:{name}_changelist"))
            few = len(one)
        for _ in range(10):
            factories.a_call(who.exemplars)
            factories.a_community(factories.organisation())
            factories.a_programme()
        with django_assert_max_num_queries(few + 1):  # one more: the count of the whole list beside the filtered
            client.get(reverse(f"admin:{name}_changelist"))
    assert Programme.objects.count() > 30
