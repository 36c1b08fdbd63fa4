"""The ad formats: exact sizes and the part of each that the platform never covers or crops."""

from dataclasses import dataclass
from datetime import date

from headgate.apps.creative.compose.geometry import Box


@dataclass(frozen=True, slots=True)
class Insets:
    """Reserved margins as fractions of the height (`top`, `bottom`) and width (`right`, `left`)."""

    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True, slots=True)
class Preset:
    """One format. Text stays out of the `safe_zone` margins.

    `source` says where size and margins were published, `checked` when somebody last looked.
    """

    name: str
    width: int
    height: int
    safe_zone: Insets
    source: str
    checked: date

    @property
    def canvas(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def safe_box(self) -> Box:
        """Return the pixels that text may use."""
        zone = self.safe_zone
        left, top = -int(-self.width * zone.left // 1), -int(-self.height * zone.top // 1)
        right = int(self.width * (1 - zone.right))
        bottom = int(self.height * (1 - zone.bottom))
        return Box(left, top, right - left, bottom - top)


_CHECKED = date(2026, 11, 20)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="instagram-square",
        width=1080,
        height=1080,
        safe_zone=Insets(top=0.06, right=0.06, bottom=0.06, left=0.06),
        source="https://www.facebook.com/business/ads-guide/update/image/instagram-feed"
        " (1:1 from 1080 px); margin of 64 px as for feed ads in"
        " https://www.imagefactory.co.kr/en/guides/instagram-story-ad-text-safe-zone",
        checked=_CHECKED,
    ),
    Preset(
        name="instagram-story",
        width=1080,
        height=1920,
        # The wider reserve of Stories (14 % / 20 %) and Reels (14 % / 35 %, 6 % at the sides):
        # one 9:16 asset serves both placements.
        safe_zone=Insets(top=0.14, right=0.06, bottom=0.35, left=0.06),
        source="https://www.facebook.com/business/ads-guide/update/image/instagram-story;"
        " Reels reserve in"
        " https://www.imagefactory.co.kr/en/guides/instagram-story-ad-text-safe-zone",
        checked=_CHECKED,
    ),
    Preset(
        name="facebook-feed",
        width=1200,
        height=630,
        # Shown at 1.91:1 in the feed; other readers of the same link image crop it to 2:1.
        safe_zone=Insets(top=0.07, right=0.05, bottom=0.07, left=0.05),
        source="https://developers.facebook.com/docs/sharing/webmasters/images/"
        " (1200x630 recommended)",
        checked=_CHECKED,
    ),
    Preset(
        name="twitter-card",
        width=1200,
        height=675,
        # Cards show 1.91:1 to 2:1, so up to 37 px at the top and bottom of 16:9 are cut off.
        safe_zone=Insets(top=0.09, right=0.05, bottom=0.09, left=0.05),
        source="https://developer.x.com/en/docs/x-for-websites/cards/overview/"
        "summary-card-with-large-image",
        checked=_CHECKED,
    ),
    Preset(
        name="linkedin-post",
        width=1200,
        height=627,
        safe_zone=Insets(top=0.07, right=0.05, bottom=0.07, left=0.05),
        source="https://www.linkedin.com/help/lms/answer/a426534 (1.91:1 recommended)",
        checked=_CHECKED,
    ),
)
