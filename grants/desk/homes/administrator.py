"""The administrator's home: imports, people and roles, calls, and the way to everything else that is set up."""

from datetime import date
from typing import Any

from django.db.models import Count

from grants.desk.addresses import address
from grants.imports.models import Import
from grants.people.models import Membership, Role, User
from grants.programmes.models import Call

ENOUGH = 5
SET_UP = [
    ("Programmes", "programmes_programme", "What funders pay for, and their shares"),
    ("Strands", "programmes_strand", "Who manages what, and how long a review may take"),
    ("Calls", "programmes_call", "When applications are taken"),
    ("Indicators", "programmes_indicator", "What is measured, and how it adds up"),
    ("What reports ask", "programmes_sectionset", "The parts of a report and of a final evaluation"),
    ("Organisations", "people_organisation", "Who takes part, with their identifiers"),
    ("Communities", "people_community", "Regional communities, their lead and members"),
]


def administrator(user: User, today: date) -> dict[str, Any]:
    """Everything that the administrator's home shows."""
    bodies = user.organisations_as(Role.ADMINISTRATOR)
    live = Membership.objects.live().filter(person__is_active=True).order_by()
    held = dict(live.values_list("role").annotate(people=Count("person", distinct=True)))
    imports = Import.objects.visible_to(user).select_related("programme", "uploaded_by").defer("content")
    return {
        "imports": [(record, address("imports:import", record.pk)) for record in imports[:ENOUGH]],
        "imports_url": address("imports:imports"),
        "roles": [{"term": role.label, "value": held.get(role.value, 0)} for role in Role],
        "people": User.objects.filter(is_active=True).count(),
        "people_url": address("people:people"),
        "calls": Call.objects.open_now().filter(strand__managing_body__in=bodies).select_related("strand"),
        "set_up": [
            {"title": title, "hint": hint, "url": url}
            for title, model, hint in SET_UP
            if (url := address(f"admin:{model}_changelist"))
        ],
        "admin_url": address("admin:index"),
    }
