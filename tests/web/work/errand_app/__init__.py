"""An app whose jobs no worker of the server runs: their tasks wait for workers over HTTP."""

from errand_app import operators
from headgate.core.app import App, operators_in

app = App(name="errand", package="errand_app", operators=operators_in(operators))
"""The server of the tests has no child processes, and all its jobs ask for one."""
