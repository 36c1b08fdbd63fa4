"""The shape of the catalogue file, and every fault of a file that has another."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headgate.core.errors import Problem

Provider = Literal["headgate", "bedrock"]
Family = Literal["draft", "stability", "sdxl", "titan", "nova"]
AspectRatio = Annotated[str, Field(pattern=r"^[1-9]\d?:[1-9]\d?$")]
Pixels = Annotated[int, Field(ge=64, le=8192)]
Size = Annotated[tuple[Pixels, Pixels], Field(strict=False)]
Text = Annotated[str, Field(min_length=1)]


class _Entry(BaseModel):
    # Strict about every type; only YAML's lists may stand for tuples (`strict=False` below).
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PriceEntry(_Entry):
    """One row of a dated price list; `micros` is millionths of a US dollar."""

    valid_from: date = Field(alias="from")
    micros: int = Field(ge=0)
    unit: Text
    source: Text
    as_of: date


class LifecycleEntry(_Entry):
    source: Text
    as_of: date
    legacy_on: date | None = None
    ends_on: date | None = None
    gone_by: date | None = None
    replacement: str | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.ends_on and self.gone_by:
            raise ValueError("give ends_on or gone_by, not both")
        end = self.ends_on or self.gone_by
        if self.legacy_on and end and self.legacy_on > end:
            raise ValueError(f"legacy_on {self.legacy_on} is after the end, {end}")
        if end and not self.replacement:
            raise ValueError("a model that ends needs a replacement")
        return self


class ModelEntry(_Entry):
    """One model. `sizes` are the pixels to ask for; without them the model takes the ratio."""

    id: Text
    name: Text
    provider: Provider
    family: Family
    regions: tuple[Text, ...] = Field(default=(), strict=False)
    prices: tuple[PriceEntry, ...] = Field(strict=False)
    lifecycle: LifecycleEntry
    max_prompt: int = Field(gt=0)
    max_seed: int = Field(gt=0)
    sizes: dict[AspectRatio, Size] = Field(default_factory=dict)
    aspect_ratios: tuple[AspectRatio, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.sizes) == bool(self.aspect_ratios):
            raise ValueError("give either sizes or aspect_ratios")
        if self.provider == "bedrock" and not self.regions:
            raise ValueError("a Bedrock model needs the regions that have it")
        if not self.prices:
            raise ValueError("give at least one price")
        days = [p.valid_from for p in self.prices]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("prices must be in order of `from`, each day once")
        return self

    @property
    def ratios(self) -> tuple[str, ...]:
        """The aspect ratios that can be asked for."""
        return self.aspect_ratios or tuple(self.sizes)


class CatalogueFile(_Entry):
    models: tuple[ModelEntry, ...] = Field(strict=False)


def faults_in(raw: Any) -> list[Problem]:
    """Return what is wrong with the content of a catalogue file; empty when it may be read."""
    return [*_faults_of_shape(raw), *_faults_between_models(raw)]


def read_entries(raw: Any) -> tuple[ModelEntry, ...]:
    """Return the models of a file without faults."""
    return CatalogueFile.model_validate(raw).models


def _faults_of_shape(raw: Any) -> list[Problem]:
    try:
        read_entries(raw)
    except ValidationError as error:
        return [
            Problem(
                pointer="".join(f"/{part}" for part in fault["loc"]) or "/",
                code=fault["type"],
                message=fault["msg"].removeprefix("Value error, "),
            )
            for fault in error.errors(include_url=False)
        ]
    return []


def _faults_between_models(raw: Any) -> list[Problem]:
    models = raw.get("models") if isinstance(raw, dict) else None
    entries = [m if isinstance(m, dict) else {} for m in models] if isinstance(models, list) else []
    seen = Counter(str(m.get("id")) for m in entries)
    problems = [
        Problem("/models", "duplicate", f"{id_} is listed {times} times")
        for id_, times in seen.items()
        if times > 1
    ]
    for index, model in enumerate(entries):
        lifecycle = model.get("lifecycle")
        replacement = lifecycle.get("replacement") if isinstance(lifecycle, dict) else None
        if replacement is not None and str(replacement) not in seen:
            problems.append(
                Problem(
                    f"/models/{index}/lifecycle/replacement",
                    "unknown_model",
                    f"{replacement} is not in the catalogue",
                )
            )
    return problems
