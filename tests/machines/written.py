"""What is written in a report, twice: as its tables have it, read past the code that freezes it, and as a Version's JSON says."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

Rows = list[dict[str, Any]]

TABLES = {
    "words": """
        SELECT code, text, choice FROM reports_answer JOIN programmes_section section ON section.id = section_id
        WHERE report_id = %(report)s AND (text <> '' OR choice <> '')""",
    "results": """
        SELECT code AS indicator, status, value::text, numerator::text, denominator::text, awaited_from, awaited_by::text,
            result.source, odd, confirmed
        FROM reports_result result JOIN programmes_indicator indicator ON indicator.id = indicator_id
        WHERE report_id = %(report)s""",
    "of_whom": """
        SELECT indicator.code AS indicator, breakdown.code AS breakdown, category.code, value::text
        FROM reports_resultpart JOIN programmes_category category ON category.id = category_id
        JOIN programmes_breakdown breakdown ON breakdown.id = breakdown_id
        JOIN programmes_indicator indicator ON indicator.id = indicator_id WHERE report_id = %(report)s""",
    "spend": """
        SELECT title AS line, line.amount::text AS budget, spend.amount::text, forecast::text, explanation
        FROM reports_spend spend JOIN awards_budgetline line ON line.id = budget_line_id WHERE report_id = %(report)s""",
    "activities": """
        SELECT key::text, title, day::text, place, partners, hours::text, learners, attendances
        FROM reports_activity WHERE report_id = %(report)s""",
    "risks": """
        SELECT position, what, likelihood, impact, response, who FROM reports_risk WHERE report_id = %(report)s""",
    "follow_up": """
        SELECT about || coalesce('-' || action_id, '') AS key, about, text, done
        FROM reports_followup WHERE report_id = %(report)s AND (text <> '' OR done)""",
    "members": """
        SELECT name AS organisation FROM reports_memberpart JOIN people_organisation member ON member.id = organisation_id
        WHERE report_id = %(report)s AND confirmed_at IS NOT NULL""",
    "figures of members": """
        SELECT member.name AS organisation, indicator.code AS indicator, status, value::text, numerator::text, denominator::text
        FROM reports_memberfigure JOIN reports_memberpart part USING (report_id, organisation_id)
        JOIN people_organisation member ON member.id = organisation_id
        JOIN programmes_indicator indicator ON indicator.id = indicator_id
        WHERE report_id = %(report)s AND confirmed_at IS NOT NULL""",
    "spend of members": """
        SELECT member.name AS organisation, line.title AS line, given.amount::text
        FROM reports_memberspend given JOIN reports_memberpart part USING (report_id, organisation_id)
        JOIN people_organisation member ON member.id = organisation_id
        JOIN awards_budgetline line ON line.id = budget_line_id
        WHERE report_id = %(report)s AND confirmed_at IS NOT NULL""",
}
"""The rows of each, with the names and in the form in which a Version has them. Of members what is confirmed counts; what is
asked of a report's past is no row of its own, only what is written of it.
"""
OF_MEMBERS = {"members": "", "figures of members": "figures", "spend of members": "spend"}
"""What members give, with the form of the part whose lock keeps it as it was sent"""
ALL = " UNION ALL ".join(
    f"SELECT '{name}', jsonb_agg(to_jsonb(given)) FROM ({rows}) given"  # noqa: S608
    for name, rows in TABLES.items()
)


def rows_of(report: int) -> dict[str, Rows]:
    """What the tables have."""
    with connection.cursor() as cursor:
        cursor.execute(ALL, {"report": report})
        return {name: _in_order(json.loads(rows or "[]")) for name, rows in cursor.fetchall()}


def said_in(content: Mapping[str, Any]) -> dict[str, Rows]:
    """What a Version says."""
    results, members = content["results"], [row for row in content["members"] if row["state"] == "in"]
    said: dict[str, Iterable[dict[str, Any]]] = {
        "words": [_only(row, "code", "text", "choice") for row in content["sections"] if row["text"] or row["choice"]],
        "results": [_without(row, "title", "of_whom") for row in results],
        "of_whom": [
            {"indicator": row["indicator"], "breakdown": breakdown["code"], **_only(part, "code", "value")}
            for row in results
            for breakdown in row["of_whom"]
            for part in breakdown["parts"]
            if part["value"] is not None
        ],
        "spend": content["spend"],
        "activities": [_without(row, "type", "organisers") for row in content["activities"]],
        "risks": content["risks"],
        "follow_up": [_without(row, "title", "asked") for row in content["follow_up"] if row["text"] or row["done"]],
        "members": [_only(row, "organisation") for row in members],
        "figures of members": [{**_only(row, "organisation"), **given} for row in members for given in row["figures"]],
        "spend of members": [{**_only(row, "organisation"), **given} for row in members for given in row["spend"]],
    }
    return {name: _in_order(rows) for name, rows in said.items()}


def _only(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _in_order(rows: Iterable[dict[str, Any]]) -> Rows:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
