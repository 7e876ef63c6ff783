"""An award at a glance: where it stands in its life, what happens next, what is promised, reported and paid, who is
concerned, what happened.
"""

from grants.desk.glance.page import ENOUGH, award_for, glance

__all__ = ["ENOUGH", "award_for", "glance"]
