"""The page around its parts."""

import base64
import hashlib
from importlib.resources import files

from headgate.web.status.markup import Markup, join, tag

_FILES = files(__package__)
_STYLE = Markup((_FILES / "page.css").read_text(encoding="utf-8"))
_SCRIPT = Markup((_FILES / "page.js").read_text(encoding="utf-8"))
_SHAPE = (
    '<path d="M5 3v18M19 3v18M5 6h14M9 6v8h6V6M5 19c2-2 4-2 7 0s5 2 7 0" fill="none"'
    ' stroke="{}" stroke-width="2" stroke-linecap="round"/></svg>'
)
_MARK = Markup(
    '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
    + _SHAPE.format("currentColor")
)
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">' + _SHAPE.format("#2a90b3")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src {_hash(_STYLE)}",
        f"script-src {_hash(_SCRIPT)}",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def whole_page(live: Markup, *, version: str) -> str:
    """Return the document; `live` is the part that its script keeps up to date."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", "Headgate"),
        tag("link", rel="icon", href="/icon.svg"),
        tag("style", _STYLE),
    )
    top = tag(
        "header",
        tag("h1", _MARK, " Headgate"),
        tag("p", "", id="connection", role="status"),
        class_="top",
    )
    links = [("/api/v1/status", "status"), ("/openapi.json", "API"), ("/metrics", "metrics")]
    foot = tag(
        "footer",
        tag("nav", *(tag("a", text, href=href) for href, text in links), aria_label="For programs"),
        tag("p", f"Headgate {version}", class_="note"),
    )
    body = tag("body", top, tag("main", live, id="live"), foot, tag("script", _SCRIPT))
    return "<!doctype html>\n" + tag("html", join([head, body]), lang="en")
