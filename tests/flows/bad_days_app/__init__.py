"""An app whose one operator behaves as badly as an event tells it to."""

from bad_days_app import operators
from headgate.core.app import App, operators_in

app = App(name="bad", package="bad_days_app", operators=operators_in(operators))
