"""What makes a product picture from words: the draft artist on this machine, or a paid model.

The one thing that a caller must get right is money. Each adapter says before a call what it will
cost, and each error says whether the call may have been charged:

* `ProviderBusy`: not charged, try later.
* `AnswerLost`: maybe charged. The model may have made the picture; it did not arrive.
* `ProviderRefused`, `InvalidInput`: not tried, or turned down; the same request fails again.

An adapter never retries by itself. A repeated request carries the same seed, so that a model that
can repeat itself makes the same picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

from headgate.apps.creative.catalogue import Lifecycle, Price
from headgate.core.errors import InvalidInput, Problem, ProviderUnavailable

__all__ = [
    "AnswerLost",
    "Capabilities",
    "GeneratedImage",
    "ImageModel",
    "ImageRequest",
    "Lifecycle",
    "Price",
    "ProviderBusy",
    "check_request",
]

ImageSource = Literal["draft", "generated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """What to picture.

    `prompt` and `negative_prompt` are for models that read; a draft is drawn from `product_name`,
    `description` and `palette` (`#rrggbb`, the brand's main color first). `seed` is not negative;
    equal requests with equal seeds ask for the same picture. `aspect_ratio` is `width:height`.
    """

    prompt: str
    product_name: str
    seed: int
    description: str = ""
    negative_prompt: str = ""
    aspect_ratio: str = "1:1"
    palette: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an adapter can do.

    `local`: nothing leaves this machine and nothing is charged. `deterministic`: equal requests
    give equal bytes. `idempotent`: asking again is never charged again. `max_prompt` is in
    characters, for the prompt and for the negative prompt.
    """

    local: bool
    deterministic: bool
    idempotent: bool
    aspect_ratios: tuple[str, ...]
    max_prompt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedImage:
    """A whole, readable PNG. `seed` is the one the model was given, in its own range."""

    png: bytes = field(repr=False)
    width: int
    height: int
    model: str
    seed: int
    provider_request_id: str | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)


class ProviderBusy(ProviderUnavailable):
    """The model could not be reached or took no work; nothing was charged.

    `retry_after` is how long the provider asked to be left alone, if it said.
    """

    def __init__(
        self, message: str, *, hint: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class AnswerLost(ProviderUnavailable):
    """The request went out and no whole picture came back: it may have been charged."""

    code = "answer_lost"
    status = 504


class ImageModel(Protocol):
    """The contract that `tests/contracts/test_image_model.py` holds every adapter to."""

    @property
    def model(self) -> str:
        """The model's id in the catalogue."""
        ...

    @property
    def image_source(self) -> ImageSource:
        """What a manifest says of this adapter's pictures; only `generated` ones are a model's."""
        ...

    def capabilities(self) -> Capabilities: ...

    def price(self, request: ImageRequest, *, on: date) -> Price:
        """Say what `generate` will cost if it succeeds."""
        ...

    def lifecycle(self, *, on: date) -> Lifecycle: ...

    async def generate(self, request: ImageRequest, *, on: date) -> GeneratedImage:
        """Make one picture, at least of nearly the asked ratio (5 %), by one call at most.

        `on` is today: a model that has ended is refused with `ProviderRefused` before any call, and
        a request that is outside the capabilities with `InvalidInput`. Cancelling returns at once,
        but a request that is already out is not called back.
        """
        ...


def check_request(request: ImageRequest, can: Capabilities) -> None:
    """Raise `InvalidInput` with every reason why a request is outside an adapter's capabilities."""
    problems = []
    if not request.prompt.strip():
        problems.append(Problem("/prompt", "empty", "says nothing"))
    for name, text in (("prompt", request.prompt), ("negative_prompt", request.negative_prompt)):
        if len(text) > can.max_prompt:
            why = f"has {len(text)} characters, the model takes {can.max_prompt}"
            problems.append(Problem(f"/{name}", "too_long", why))
    if request.aspect_ratio not in can.aspect_ratios:
        why = f"{request.aspect_ratio} is not one of {', '.join(can.aspect_ratios)}"
        problems.append(Problem("/aspect_ratio", "unknown_ratio", why))
    if request.seed < 0:
        problems.append(Problem("/seed", "negative", f"{request.seed} is negative"))
    if problems:
        raise InvalidInput("The image model cannot take this request.", problems=problems)
