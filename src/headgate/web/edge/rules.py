"""Which requests are let in."""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})


def host_name(host: str) -> str:
    """Return the name in a `Host` header, without port and brackets, in lower case."""
    name = host.rpartition("]")[0].removeprefix("[") if "]" in host else host.partition(":")[0]
    return name.lower().rstrip(".")


def is_known_host(host: str, known: Collection[str]) -> bool:
    """Tell whether a request for this host is meant for us.

    A page of some other site may point a name of its own at this machine (DNS rebinding) and would
    then be same-origin with us; so only `localhost`, literal addresses and names that were given
    are served.
    """
    name = host_name(host)
    if name == "localhost" or name.endswith(".localhost") or name in known:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_own_request(method: str, *, host: str, fetch_site: str | None, origin: str | None) -> bool:
    """Tell whether an unsafe request comes from our own pages or from no page at all.

    Browsers say where a request comes from; programs, which hold no one's session, say nothing.
    """
    if method in SAFE_METHODS:
        return True
    if fetch_site is not None:
        return fetch_site in _OURS
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()
