"""The routes of the console: its files, and its one page at every address of its own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from headgate.web.console import plain
from headgate.web.console.bundle import FOLDER, PAGE, File, file_of, load

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HERE = '<script type="application/json" id="headgate">{}</script>'
_HASHED = "assets/"  # their names change with their content
_OTHERS = ("/api/", "/objects/")


def serve_console(app: FastAPI, *, here: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Serve the console wherever `app` has no route; `here` is what its page knows at once.

    `folder` holds what was built; without a page in it a plain one says what to do.

    A browser that follows a link gets the page, whatever its address: the page finds out what to
    show. Whoever asks for anything else gets the same answer as without a console.
    """
    files = dict(load(folder))
    page = files.get(PAGE)
    files[PAGE] = _with_here(page, here) if page else file_of(plain.PAGE.encode(), name=PAGE)

    async def console(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope) if scope["type"] == "http" else None
        found = _find(files, request) if request else None
        if request is None or found is None:
            raise HTTPException(status_code=404)
        await _answer(request, *found)(scope, receive, send)

    app.router.default = console


def _with_here(page: File, here: Mapping[str, Any]) -> File:
    text = page.content.decode()
    if _HERE not in text:
        raise RuntimeError("the console's page has no place for what the server tells it")
    told = json.dumps(here).replace("<", "\\u003c")
    return file_of(text.replace(_HERE, _HERE.replace("{}", told)).encode(), name=PAGE)


def _find(files: Mapping[str, File], request: Request) -> tuple[str, File] | None:
    path = request.url.path
    if request.method not in ("GET", "HEAD") or path.startswith(_OTHERS):
        return None
    name = path.removeprefix("/")
    if name in files and name != PAGE:
        return name, files[name]
    if path == "/" or "text/html" in request.headers.get("accept", ""):
        return PAGE, files[PAGE]
    return None


def _answer(request: Request, name: str, file: File) -> Response:
    headers = {
        "Content-Security-Policy": POLICY,
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "Cache-Control": (
            "public, max-age=31536000, immutable" if name.startswith(_HASHED) else "no-cache"
        ),
    }
    # A proxy may have weakened the tag, and a cache may hold several.
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.compressed and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = file.compressed, "gzip"
    return Response(content, media_type=file.media_type, headers=headers)
