"""What is known of the image models: prices and ends of life, each with its date and its source.

`models.yaml` is the data, `entries` the shape it must have, `lookup` answers "what does this model
cost on this day, and does it still exist", and `costs` turns answers into predictions. A price or
a date is never written in code.
"""

from headgate.apps.creative.catalogue.entries import ModelEntry
from headgate.apps.creative.catalogue.lookup import (
    Catalogue,
    Lifecycle,
    LifecycleWarning,
    Price,
    parse_catalogue,
    shipped_catalogue,
)

__all__ = [
    "Catalogue",
    "Lifecycle",
    "LifecycleWarning",
    "ModelEntry",
    "Price",
    "parse_catalogue",
    "shipped_catalogue",
]
