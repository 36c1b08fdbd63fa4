"""Reading the bodies of workers' calls."""

import re
from typing import TypeVar

import msgspec
from starlette.requests import Request

from headgate.core.errors import InvalidInput, Problem

T = TypeVar("T")

_PLACE = re.compile(r"(.*) - at `\$(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


async def read(request: Request, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the body as its type; raise `InvalidInput` that says where it is not."""
    try:
        return decoder.decode(await request.body())
    except msgspec.ValidationError as error:
        problem = _problem(str(error))
    except RecursionError:
        problem = Problem("", "too_deep", "nested too deeply")
    except ValueError as error:  # no JSON, or text that is not UTF-8
        problem = Problem("", "json_invalid", f"not JSON: {error}")
    raise InvalidInput("The request has 1 fault.", problems=[problem])


def _problem(said: str) -> Problem:
    found = _PLACE.fullmatch(said)
    if found is None:
        return Problem("", "invalid", said)
    steps = [name or number for name, number in _STEP.findall(found[2])]
    return Problem("".join(f"/{step}" for step in steps), "invalid", found[1])
