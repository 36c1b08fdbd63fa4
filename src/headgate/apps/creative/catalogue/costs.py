"""What a campaign will cost before it runs, to the cent, and what reuse saves. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from headgate.apps.creative.catalogue.lookup import Catalogue

Kind = Literal["generate", "reuse", "cached"]
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """How a product will get its image.

    `generate` asks the model, `reuse` takes the brand's own asset, `cached` takes the image that an
    earlier run made from the same inputs.
    """

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class CostLine:
    """One product's share; `saved_micros` is what generating would have cost."""

    product: str
    kind: Kind
    micros: int
    saved_micros: int


@dataclass(frozen=True, slots=True)
class CostPrediction:
    """Integer millionths of `currency`; the totals are the sums of the lines."""

    model: str
    lines: tuple[CostLine, ...]
    total_micros: int
    saved_by_reuse_micros: int
    currency: str
    priced_as_of: date


def predict(
    products: Sequence[PlannedProduct], *, model: str, on: date, catalogue: Catalogue
) -> CostPrediction:
    """Price each product by the list in force on a day: one image for each that is generated."""
    price = catalogue.price_of(model, on=on)
    lines = tuple(
        CostLine(
            product=product.name,
            kind=product.kind,
            micros=price.micros if product.kind == "generate" else 0,
            saved_micros=0 if product.kind == "generate" else price.micros,
        )
        for product in products
    )
    return CostPrediction(
        model=model,
        lines=lines,
        total_micros=sum(line.micros for line in lines),
        saved_by_reuse_micros=sum(line.saved_micros for line in lines),
        currency=price.currency,
        priced_as_of=price.as_of,
    )


def usd(micros: int) -> str:
    """Write an amount with its cents, and with more places only where they are not zero.

    40_000 is "$0.04", 8_000 is "$0.008", -1_234_500_000 is "-$1,234.50".
    """
    whole, rest = divmod(abs(micros), _MICROS)
    places = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micros < 0 else ''}${whole:,}.{places}"
