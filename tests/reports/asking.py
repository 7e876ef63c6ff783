"""A question for a figure as the tests ask and answer it."""

from datetime import timedelta
from typing import Any

from django.test import Client

from grants.formats import local_today
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.models import FigureRequest, Report

HOSTILE = "<script>alert(1)</script>\r\nBcc: everybody@example.org"


def ask(report: Report, indicator: Indicator, by: User, **more: Any) -> FigureRequest:
    given = {
        "to_name": "St Mary’s School",
        "email": "office@st-marys.example",
        "message": "How many of your learners came?",
        "wanted_by": local_today() + timedelta(days=9),
    }
    return services.ask_for_figure(report.pk, indicator, by=by, **given | more)


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def answer(client: Client, request: FigureRequest, **more: str) -> Any:
    return client.post(request.link, {"value": "34", "answered_by": "A. Teacher", "note": "From registers", **more})
