"""What an administrator sets up in a programme: what its reports ask, and what it measures."""

from grants.programmes.services.asking import (
    first_set,
    lasts,
    move_section,
    next_set,
    remove_section,
    save_section,
    take_out,
    why_it_stands,
)
from grants.programmes.services.measuring import RULES, add_indicator, change_indicator, remove_indicator
from grants.programmes.services.usual import (
    COMMUNITY_REPORT,
    EVALUATION,
    FIGURES,
    JUDGEMENT,
    REPORT,
    SPEND,
    Asked,
    ask,
    ask_the_usual,
)

__all__ = [
    "COMMUNITY_REPORT",
    "EVALUATION",
    "FIGURES",
    "JUDGEMENT",
    "REPORT",
    "RULES",
    "SPEND",
    "Asked",
    "add_indicator",
    "ask",
    "ask_the_usual",
    "change_indicator",
    "first_set",
    "lasts",
    "move_section",
    "next_set",
    "remove_indicator",
    "remove_section",
    "save_section",
    "take_out",
    "why_it_stands",
]
