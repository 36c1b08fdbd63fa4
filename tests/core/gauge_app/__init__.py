"""A small app outside of the installed ones, which child processes import by name."""

from gauge_app import operators
from headgate.core.app import App, operators_in


class Resources:
    """Counts how often it is built in this process."""

    built = 0

    def __init__(self, settings):
        Resources.built += 1
        self.number = Resources.built
        self.settings = settings


app = App(
    name="gauge",
    package="gauge_app",
    operators=operators_in(operators),
    resources=Resources,
)
