"""The routes of the status page."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from headgate import __version__
from headgate.core.app import App
from headgate.core.errors import HeadgateError
from headgate.core.services import Services
from headgate.core.tasks import reading, steering, store
from headgate.web.api.fields import RowId, Who
from headgate.web.api.system import System
from headgate.web.status.attention import dead_letters, rejected_briefs
from headgate.web.status.campaigns import gallery, recent
from headgate.web.status.markup import Markup, join
from headgate.web.status.overview import health_strip, queues
from headgate.web.status.page import ICON, POLICY, whole_page

_LETTERS = 20
_NOTICES = {
    "redriven": "It was put back to work.",
    "refused": "It could not be redriven: it is not open any more, or its job was removed.",
}
_HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


def routes(services: Services, *, system: System, apps: Sequence[App]) -> APIRouter:
    """Return the routes of the page; they are for people, so the API's description omits them."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page(who: Who, notice: str = "") -> HTMLResponse:
        shown = await _live(
            services, system, apps, org_id=who.org_id, notice=_NOTICES.get(notice, "")
        )
        return HTMLResponse(whole_page(shown, version=__version__), headers=_HEADERS)

    @router.get("/live")
    async def part(who: Who) -> HTMLResponse:
        return HTMLResponse(
            await _live(services, system, apps, org_id=who.org_id), headers=_HEADERS
        )

    @router.get("/icon.svg")
    async def icon() -> Response:
        return Response(
            ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"}
        )

    @router.post("/dead-letters/{letter_id}/redrive")
    async def redrive(letter_id: RowId, who: Who) -> RedirectResponse:
        try:
            await steering.redrive_one(services, who=who, letter_id=letter_id)
        except HeadgateError as error:
            if error.status >= 500:  # noqa: PLR2004 - the server's trouble is told as such
                raise
            notice = "refused"
        else:
            notice = "redriven"
        return RedirectResponse(f"/?notice={notice}#dead-letters", status_code=303)

    return router


async def _live(
    services: Services, system: System, apps: Sequence[App], *, org_id: int, notice: str = ""
) -> Markup:
    """Return the part of the page that changes."""
    health = await system.health()
    if health.database == "away":
        return health_strip(health, None)
    status = await system.status(org_id=org_id)
    campaigns = await recent(services, apps, org_id=org_id)
    async with services.database.connection() as conn:
        letters = await store.list_dead_letters(
            conn,
            org_id=org_id,
            job_id=None,
            states=("open",),
            before=reading.NEWEST,
            limit=_LETTERS,
        )
    return join(
        [
            health_strip(health, status),
            gallery(campaigns),
            rejected_briefs(campaigns),
            dead_letters(letters, total=status.dead_letters, notice=notice),
            queues(status.jobs),
        ]
    )
