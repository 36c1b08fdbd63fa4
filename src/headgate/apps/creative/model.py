"""The nouns of the creative app."""

from dataclasses import dataclass
from typing import Literal

MAX_BRIEF_BYTES = 256 * 1024
MAX_PRODUCTS = 50
MAX_MESSAGE = 200
MAX_MARKET = 120

BRIEFS = "input/campaign-briefs/"
ASSETS = "existing-assets/"

CampaignState = Literal["processing", "complete", "partial", "failed", "rejected"]


@dataclass(frozen=True, slots=True)
class Brand:
    """Colors are `#rrggbb`; None leaves the choice to the layout."""

    name: str = ""
    primary: str | None = None
    background: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class BriefProduct:
    """One thing to advertise. `asset` is the key of a picture to reuse; None: make one."""

    name: str
    description: str
    asset: str | None


@dataclass(frozen=True, slots=True)
class Brief:
    campaign_id: str
    message: str
    brand: Brand
    products: tuple[BriefProduct, ...]
    audience: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One product of one run, as it travels in events."""

    run_id: str
    idx: int
    output: str
    name: str
    description: str
    message: str
    brand: Brand
    image_key: str | None = None
    audience: str = ""
    region: str = ""
