"""An app for the tests of the web: its one operator does what an event tells it to do."""

from headgate.core.app import App, operators_in
from tiny_app import operators

app = App(name="tiny", package="tiny_app", operators=operators_in(operators))
