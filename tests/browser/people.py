"""Those who take part, each at a browser of their own."""

from dataclasses import dataclass

from tests.browser.somebody import Somebody


@dataclass
class People:
    """Everybody at their own browser."""

    administrator: Somebody
    editor: Somebody
    signatory: Somebody
    reviewer: Somebody
    approver: Somebody
    second_approver: Somebody
    finance: Somebody
    viewer: Somebody

    def all(self) -> list[Somebody]:
        return list(vars(self).values())
