"""Pages that bring rooms together."""

from grants.desk.views.award import award
from grants.desk.views.award_lists import AwardHistoryView, AwardMessagesView
from grants.desk.views.awards import AwardsView, PortfolioView
from grants.desk.views.calendar import calendar, feed
from grants.desk.views.help import help_page
from grants.desk.views.home import home
from grants.desk.views.programme import ProgrammesView, ProgrammeView
from grants.desk.views.styleguide import styleguide

__all__ = [
    "AwardHistoryView",
    "AwardMessagesView",
    "AwardsView",
    "PortfolioView",
    "ProgrammeView",
    "ProgrammesView",
    "award",
    "calendar",
    "feed",
    "help_page",
    "home",
    "styleguide",
]
