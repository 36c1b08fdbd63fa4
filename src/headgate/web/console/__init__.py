"""The console: a single-page application that `make web` builds into `bundle/`.

bundle   the built files, with their types and compressed forms, in memory
routes   the page at every address that is no part of the API, and the files it loads
plain    what is shown where no bundle was built
"""

from headgate.web.console.routes import serve_console

__all__ = ["serve_console"]
