"""The status page: what runs, what came out, what needs a person; one HTML page and no framework.

markup       elements whose text cannot be anything but text
campaigns    campaigns with the images they made
attention    dead letters and rejected briefs
overview     how the server is, and how long its queues are
page         the page around them
routes       the page, the part of it that changes, and its one form
"""

from headgate.web.status.routes import routes

__all__ = ["routes"]
