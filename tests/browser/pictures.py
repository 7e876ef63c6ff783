"""`make screenshots`: a picture of every page as everybody finds it, narrow and wide, light and dark; a sheet for each role.

No test looks at them: whoever changes a page does. The folder is `screenshots/`, or what EXEMPLAR_SHOTS names.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser

from tests.browser.places import KINDS, Place
from tests.browser.somebody import each_with_their_own
from tests.browser.watch import HEIGHT, NARROW, WIDE, Watch

FOLDER = Path(os.environ.get("EXEMPLAR_SHOTS") or "screenshots")
Theme = Literal["light", "dark"]
VIEWS: tuple[tuple[int, Theme], ...] = ((NARROW, "light"), (NARROW, "dark"), (WIDE, "light"), (WIDE, "dark"))

# The sheet, in pixels: how wide a view is on it, how much of a long page is shown, and how many pages stand in a row
SHOWN = {NARROW: 108, WIDE: 320}
TALL, GAP, LINE, IN_A_ROW = 420, 12, 24, 3


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_of(kind: str, standing: str, places: list[Place], chromium: Browser) -> None:
    own = [place for place in places if place.kind == kind and not place.download]
    (FOLDER / kind).mkdir(parents=True, exist_ok=True)
    for person, theirs in each_with_their_own(own, Watch(standing), chromium):
        for place in theirs:
            person.go(place.url)
            for width, theme in VIEWS:
                person.page.emulate_media(color_scheme=theme)
                person.page.set_viewport_size({"width": width, "height": HEIGHT})
                person.page.screenshot(path=picture(place, width, theme), full_page=True)
    sheet_of(own).save(FOLDER / f"{kind}.jpg", quality=85)


def picture(place: Place, width: int, theme: Theme) -> Path:
    """The file of a view: who, address, state, width, theme."""
    return FOLDER / place.kind / f"{place}-{width}-{theme}.png"


def sheet_of(own: list[Place]) -> Image.Image:
    """All of somebody's pages on one sheet, each with its views side by side."""
    wide = sum(SHOWN[width] + GAP for width, _ in VIEWS) + GAP
    rows = [own[start : start + IN_A_ROW] for start in range(0, len(own), IN_A_ROW)]
    strips = [[(place, thumbnails(place)) for place in row] for row in rows]
    heights = [LINE + GAP + max(one.height for _, views in strip for one in views) for strip in strips]
    sheet = Image.new("RGB", (wide * IN_A_ROW, sum(heights) + GAP), "#c9ced4")
    draw, font, top = ImageDraw.Draw(sheet), ImageFont.load_default(14), GAP
    for strip, height in zip(strips, heights, strict=True):
        for column, (place, views) in enumerate(strip):
            left = wide * column + GAP
            draw.text((left, top), str(place).removeprefix(f"{place.kind}-"), fill="#17212b", font=font)
            for view in views:
                sheet.paste(view, (left, top + LINE))
                left += view.width + GAP
        top += height
    return sheet


def thumbnails(place: Place) -> Iterable[Image.Image]:
    """The views of a page, small, the foot of a long one cut off."""
    views = []
    for width, theme in VIEWS:
        with Image.open(picture(place, width, theme)) as full:
            small = SHOWN[width]
            part = full.crop((0, 0, full.width, min(full.height, TALL * full.width // small)))
            views.append(part.convert("RGB").resize((small, max(1, part.height * small // part.width))))
    return views
