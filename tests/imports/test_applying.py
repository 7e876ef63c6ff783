"""What an import writes: everything or nothing, the same file twice the same, and never over a person's work."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Award, Milestone, Tranche
from grants.formats import LONDON
from grants.imports import services
from grants.imports.applying import apply_plan
from grants.imports.models import Import
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.lifecycle.models import HistoryEntry
from grants.people.models import Organisation
from grants.reports.models import MemberFigure, Report
from tests import factories
from tests.factories import Cast
from tests.imports.conftest import Bring
from tests.imports.workbooks import Sheets, comma_separated, grant, milestone, tranche, whole, xlsx
from tests.reports.community import save


def test_every_sheet_is_written(who: Cast, bring: Bring) -> None:
    record = bring(**whole(who, Manager=who.approver.email, Managed="No"))
    award = Award.objects.get(reference="A1")
    assert record.counts == {"rows": 1, "made": 1, "changed": 0, "unchanged": 0, "organisations": 0, "left": 0}
    assert (award.identifier, award.organisation, award.manager) == ("360G-accesshe-A1", who.recipient, who.approver)
    assert (award.state, award.amount, award.award_date) == ("active", Decimal(12500), date(2012, 7, 3))
    assert (award.starts, award.ends) == (date(2012, 8, 1), date(2013, 7, 31))
    assert [(row.number, row.kind, row.opens_on) for row in award.milestones.all()] == [
        (1, "report", date(2012, 10, 31)),
        (2, "evaluation", date(2012, 10, 31)),
    ]
    assert [(row.name, int(row.amount), row.state) for row in award.tranches.all()] == [
        ("On acceptance", 8500, "scheduled"),
        ("Milestone 1", 4000, "scheduled"),
    ]
    assert [(row.indicator.code, int(row.value)) for row in award.targets.all()] == [("learners", 250)]
    assert [int(row.amount) for row in award.fundings.all()] == [10000, 2500]
    assert [(row.title, int(row.amount)) for row in award.budget_lines.all()] == [("Staff", 9000), ("Venues", 3500)]
    assert [report.state for report in Report.objects.all()] == ["draft", "draft"]


def test_history_names_the_file_the_row_and_the_person(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme), grant(who.programme, "A2")], name="spring.xlsx")
    award = Award.objects.get(reference="A2")
    (entry,) = HistoryEntry.objects.filter(root=award.key)
    assert (entry.sentence, entry.person, entry.target) == (
        "Imported from spring.xlsx, row 3",
        who.administrator,
        award.state,
    )


@pytest.mark.parametrize(
    ("state", "stored", "payment"),
    [
        ("active", "evaluating", "released"),
        ("evaluating", "evaluating", "released"),
        ("closed", "closed", "paid"),
        ("terminated", "terminated", "cancelled"),
    ],
)
def test_without_tranches_one_payment_stands_for_all(
    who: Cast, bring: Bring, state: str, stored: str, payment: str
) -> None:
    bring(grants=[grant(who.programme, State=state)])
    award = Award.objects.get()
    (tranche,) = award.tranches.all()
    assert (award.state, tranche.state, int(tranche.amount), tranche.milestone) == (stored, payment, 12500, None)
    assert tranche.paid_on == (date(2012, 7, 3) if payment == "paid" else None)
    assert award.ended_on == (date(2013, 7, 31) if state == stored != "evaluating" else None)


def test_a_live_award_is_where_reconsidering_would_leave_it(who: Cast, bring: Bring) -> None:
    owed, settled = [milestone()], [milestone(reference="A2", **{"Settled On": "20/11/2012"})]
    bring(grants=[grant(who.programme, State="evaluating"), grant(who.programme, "A2")], milestones=owed + settled)
    states = dict(Award.objects.values_list("reference", "state"))
    assert states == {"A1": "active", "A2": "evaluating"}
    assert [report.award.reference for report in Report.objects.all()] == ["A1"]


def test_without_fundings_the_funders_pay_by_their_shares(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme, **{"Amount Awarded": "100.01"})])
    assert [row.amount for row in Award.objects.get().fundings.all()] == [Decimal("60.01"), Decimal("40.00")]


def test_the_funder_of_the_row_pays_alone(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme, **{"Funding Org:Identifier": who.funder.identifier.lower()})])
    assert [(row.funder, int(row.amount)) for row in Award.objects.get().fundings.all()] == [(who.funder, 12500)]


def test_organisations_are_found_or_made_once(who: Cast, bring: Bring) -> None:
    who.recipient.identifier = "GB-COH-SC123456"
    who.recipient.save()
    rows = [
        grant(who.programme, "A1", **{"Recipient Org:Identifier": "gb-coh-sc123456"}),
        grant(who.programme, "A2", **{"Recipient Org:Identifier": "GB-UKPRN-10007760"}),
        grant(who.programme, "A3", **{"Recipient Org:Identifier": "gb-ukprn-10007760", "Recipient Org:Name": "Else"}),
        grant(who.programme, "A4", **{"Recipient Org:Identifier": "GB-EDU-100123"}),
        grant(who.programme, "A5", **{"Recipient Org:Identifier": "ours:17"}),
    ]
    record = bring(grants=rows)
    assert record.counts["organisations"] == 3
    assert Award.objects.get(reference="A1").organisation == who.recipient
    kinds = dict(Organisation.objects.filter(awards__isnull=False).values_list("identifier", "kind"))
    assert kinds == {
        "GB-COH-SC123456": "third_sector",
        "GB-UKPRN-10007760": "higher_education",
        "GB-EDU-100123": "school",
        "ours:17": "third_sector",
    }


def test_text_loses_stray_spaces_and_line_breaks(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme, "a-1 \n", Title=" Science\nclubs ", Description=" One. \r\n\r\nTwo.\n")])
    award = Award.objects.get()
    assert (award.reference, award.title, award.description) == ("a-1", "Science clubs", "One.\n\nTwo.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_imported(who: Cast, bring: Bring, encoding: str) -> None:
    rows = [grant(who.programme, Title="Café – “clubs”", **{"Amount Awarded": "£12,500", "From An Open Call?": "Y"})]
    bring(comma_separated(rows, encoding=encoding), name="awards.csv")
    assert Award.objects.get().title == "Café – “clubs”"


@pytest.mark.parametrize("sheets", ["grants", "all"])
def test_the_same_file_again_changes_nothing(who: Cast, bring: Bring, sheets: str) -> None:
    file = whole(who) if sheets == "all" else {"grants": whole(who)["grants"]}
    bring(**file)
    before = (
        list(Award.objects.values()),
        list(Tranche.objects.values()),
        HistoryEntry.objects.filter(what="import").count(),
    )
    record = bring(**file)
    assert record.state == Import.State.APPLIED
    assert record.counts == {"rows": 1, "made": 0, "changed": 0, "unchanged": 1, "organisations": 0, "left": 0}
    assert before == (
        list(Award.objects.values()), list(Tranche.objects.values()), HistoryEntry.objects.filter(what="import").count()
    )  # fmt: skip


CHANGES: dict[str, tuple[Callable[[Sheets], Any], Callable[[Award], Any], Any]] = {
    "title": (lambda f: f["grants"][0].update(Title="New"), lambda a: a.title, "New"),
    "dates": (
        lambda f: f["grants"][0].update({"Planned Dates:End Date": "2014"}),
        lambda a: a.ends,
        date(2014, 12, 31),
    ),
    "strand": (lambda f: f["grants"][0].update(Strand="Regional communities"), lambda a: a.strand.kind, "communities"),
    "recipient": (
        lambda f: f["grants"][0].update({"Recipient Org:Identifier": "GB-CHC-777777", "Recipient Org:Name": "New"}),
        lambda a: a.organisation.name,
        "New",
    ),
    "payments": (
        lambda f: f.update(tranches=[tranche(1, 500), tranche(2, 12000, Milestone=2)]),
        lambda a: [(t.amount, t.milestone and t.milestone.number) for t in a.tranches.all()],
        [(500, None), (12000, 2)],
    ),
    "targets": (lambda f: f["targets"][0].update(Value=99), lambda a: [t.value for t in a.targets.all()], [99]),
    "budget": (lambda f: f["budget"].pop(), lambda a: [b.title for b in a.budget_lines.all()], ["Staff"]),
    "fundings": (
        lambda f: (f["fundings"][0].update(Amount=2500), f["fundings"][1].update(Amount=10000)),
        lambda a: {x.amount for x in a.fundings.all()},
        {2500, 10000},
    ),
    "a promise": (
        lambda f: f["milestones"][0].update(Promise="Five clubs"),
        lambda a: [m.promise for m in a.milestones.all()],
        ["Five clubs", ""],
    ),
    "a milestone more": (
        lambda f: f["milestones"].append(milestone(3)),
        lambda a: Report.objects.filter(milestone__award=a).count(),
        3,
    ),
    "a milestone less": (
        lambda f: f["milestones"].pop(),
        lambda a: Report.objects.filter(milestone__award=a).count(),
        1,
    ),
    "a milestone settled": (
        lambda f: f["milestones"][0].update({"Settled On": "20/11/2012"}),
        lambda a: (a.state, Report.objects.filter(milestone__award=a).count()),
        ("evaluating", 1),
    ),
}


@pytest.mark.parametrize("case", CHANGES, ids=str)
def test_an_award_on_which_nobody_has_worked_is_changed(who: Cast, bring: Bring, case: str) -> None:
    change, look, wanted = CHANGES[case]
    file = whole(who)
    bring(**file)
    revision = Award.objects.get().revision
    change(file)
    record = bring(**file)
    assert (record.state, record.faults) == (Import.State.APPLIED, [])
    assert record.counts["changed"] == 1
    award = Award.objects.get()
    assert look(award) == wanted
    assert award.revision > revision
    entry = HistoryEntry.objects.filter(root=award.key, what="import").first()
    assert entry is not None
    assert entry.sentence == "Changed by an import of awards.xlsx, row 2"
    assert bring(**file).counts["unchanged"] == 1


def test_a_new_amount_follows_into_the_one_payment_the_parts_and_the_one_heading(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme)], tranches=[tranche(1, 12500)])
    bring(grants=[grant(who.programme, **{"Amount Awarded": 20000})])
    award = Award.objects.get()
    assert [int(row.amount) for row in award.tranches.all()] == [20000]
    assert [int(row.amount) for row in award.fundings.all()] == [12000, 8000]
    assert [(row.title, int(row.amount)) for row in award.budget_lines.all()] == [("All costs", 20000)]


def test_a_new_amount_in_several_payments_needs_them_in_the_file(who: Cast, bring: Bring) -> None:
    bring(**whole(who))
    (fault,) = bring(grants=[grant(who.programme, **whole(who)["grants"][0] | {"Amount Awarded": 20000})]).faults
    assert "several payments" in fault["fault"]


def test_what_the_file_does_not_say_is_left_alone(who: Cast, bring: Bring) -> None:
    bring(**whole(who, Manager=who.approver.email))
    record = bring(grants=whole(who)["grants"])
    assert record.counts["unchanged"] == 1
    assert Award.objects.get().manager == who.approver


def test_what_a_grantee_has_begun_to_write_is_not_taken_away(who: Cast, bring: Bring) -> None:
    file = whole(who)
    bring(**file)
    factories.fill(Report.objects.named().get(milestone__number=2), who.editor)
    file["milestones"].pop()
    (fault,) = bring(**file).faults
    assert "milestone 2 has been begun" in fault["fault"]
    file = whole(who)
    file["budget"].pop()
    (fault,) = bring(**file).faults
    assert "spend against its budget" in fault["fault"]


def test_what_a_member_of_a_community_has_spent_is_not_taken_away(who: Cast, bring: Bring) -> None:
    """Its amounts stand on budget lines before the lead has taken any into the report."""
    file = whole(who)
    bring(**file)
    member = factories.organisation(name="Harbour Trust")
    Award.objects.update(community=factories.a_community(who.recipient, member))
    save(Report.objects.named().get(milestone__number=1), member, factories.person("editor", member))
    file["budget"].pop()
    (fault,) = bring(**file).faults
    assert "spend against its budget" in fault["fault"]


def test_what_a_member_of_a_community_has_counted_outlives_its_target(who: Cast, bring: Bring) -> None:
    file = whole(who)
    bring(**file)
    member = factories.organisation(name="Harbour Trust")
    Award.objects.update(community=factories.a_community(who.recipient, member))
    save(Report.objects.named().get(milestone__number=1), member, factories.person("editor", member))
    file["targets"] = [{"Identifier": "A1", "Indicator": "schools", "Value": 25}]
    assert bring(**file).counts["changed"] == 1
    assert [figure.indicator.code for figure in MemberFigure.objects.all()] == ["learners"]


def test_an_import_moves_no_award(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme)])
    (fault,) = bring(grants=[grant(who.programme, State="closed")]).faults
    assert "does not move it" in fault["fault"]


def test_settled_days_are_days_in_london(who: Cast, bring: Bring) -> None:
    bring(grants=[grant(who.programme)], milestones=[milestone(**{"Settled On": "01/07/2012"})])
    settled = Milestone.objects.get().settled_at
    assert settled is not None
    assert settled.astimezone(LONDON).isoformat() == "2012-07-01T00:00:00+01:00"


def test_an_old_page_applies_nothing(who: Cast) -> None:
    record = services.upload(who.programme, "a.xlsx", xlsx(grants=[grant(who.programme)]), who.administrator)
    services.apply_import(record.pk, by=who.administrator, seen=record.revision)
    with pytest.raises(Stale):
        services.apply_import(record.pk, by=who.administrator, seen=record.revision)
    with pytest.raises(NotNow):
        services.apply_import(record.pk, by=who.administrator, seen=None)
    assert Award.objects.count() == 1


@pytest.mark.parametrize("part", ["approver", "editor", "outsider", "viewer"])
def test_only_an_administrator_of_the_programme_imports(who: Cast, part: str) -> None:
    content = xlsx(grants=[grant(who.programme)])
    with pytest.raises(NotYou):
        services.upload(who.programme, "a.xlsx", content, getattr(who, part))
    record = services.upload(who.programme, "a.xlsx", content, SYSTEM)
    with pytest.raises(NotYou):
        services.apply_import(record.pk, by=getattr(who, part), seen=None)
    assert not Award.objects.exists()


def test_what_has_changed_since_the_check_is_found_under_the_lock(who: Cast) -> None:
    record = services.upload(who.programme, "a.xlsx", xlsx(grants=[grant(who.programme, "X1")]), who.administrator)
    Award.objects.filter(pk=factories.draft_award(who).pk).update(reference="x1")
    with pytest.raises(NotNow, match="has changed since"):
        services.apply_import(record.pk, by=who.administrator, seen=record.revision)
    record = Import.objects.get(pk=record.pk)
    assert record.state == Import.State.FAILED
    assert Award.objects.count() == 1
    ready = services.retry_import(record.pk, by=who.administrator, seen=record.revision)
    assert services.discard_import(ready.pk, by=who.administrator, seen=ready.revision).state == "discarded"


def test_a_refusal_of_the_database_leaves_nothing_behind(who: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    record = services.upload(who.programme, "a.xlsx", xlsx(grants=[grant(who.programme)]), who.administrator)
    write = apply_plan

    def write_then_fail(*args: Any, **more: Any) -> None:
        write(*args, **more)
        raise IntegrityError

    monkeypatch.setattr(services, "apply_plan", write_then_fail)
    with pytest.raises(NotNow, match="same moment"):
        services.apply_import(record.pk, by=who.administrator, seen=record.revision)
    assert not Award.objects.exists()
    assert not Organisation.objects.filter(identifier="GB-CHC-1156000").exists()
    monkeypatch.undo()
    failed = Import.objects.get(pk=record.pk)
    ready = services.retry_import(record.pk, by=who.administrator, seen=failed.revision)
    assert services.apply_import(record.pk, by=who.administrator, seen=ready.revision).state == "applied"
    assert Award.objects.count() == 1


@pytest.mark.parametrize("outcome", ["made", "unchanged", "changed"])
def test_queries_do_not_grow_with_rows(who: Cast, bring: Bring, outcome: str) -> None:
    def queries(first: int, last: int) -> int:
        numbers = range(first, last)
        file: Sheets = {
            "grants": [grant(who.programme, f"R{n}") for n in numbers],
            "milestones": [milestone(reference=f"R{n}") for n in numbers],
            "tranches": [tranche(1, 12500, f"R{n}", Milestone=1) for n in numbers],
        }
        if outcome != "made":
            bring(**file)
        if outcome == "changed":
            for row in file["grants"]:
                row["Title"] = "New"
        with CaptureQueriesContext(connection) as counted:
            assert bring(**file).counts[outcome] == len(numbers)
        return len(counted)

    queries(0, 1)  # what is asked once in a process
    assert queries(100, 101) == queries(200, 230)
