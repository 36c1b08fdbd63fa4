"""Answers from the catalogue for one day. Pure: the day is always an argument."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from headgate.apps.creative.catalogue.entries import ModelEntry, faults_in, read_entries
from headgate.core.errors import InvalidInput, NotFound, Problem

Status = Literal["active", "legacy", "ended"]
NOTICE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Price:
    """What one `unit` costs, in millionths of `currency`, by `source` as read on `as_of`."""

    micros: int
    currency: str
    unit: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Where a model stands on one day.

    `ended` means that a call must not be tried. `ends_on` is None when the model has no known end,
    or has ended on a day that its provider no longer tells. `replacement` is a model to move to.
    """

    status: Status
    legacy_on: date | None
    ends_on: date | None
    source: str
    replacement: str | None


@dataclass(frozen=True, slots=True)
class LifecycleWarning:
    """A model that has ended or soon will; `days_left` is None when the end's date is not known."""

    model: str
    status: Status
    ends_on: date | None
    days_left: int | None
    replacement: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The models by id, in the order of the file."""

    models: Mapping[str, ModelEntry]

    def model(self, model: str) -> ModelEntry:
        """Return one model's entry; `NotFound` names the models there are."""
        entry = self.models.get(model)
        if entry is None:
            raise NotFound(
                f"No image model is called {model!r}.",
                hint=f"The catalogue has: {', '.join(self.models)}.",
            )
        return entry

    def price_of(self, model: str, *, on: date) -> Price:
        """Return the price in force on a day; `NotFound` if the list starts later."""
        rows = self.model(model).prices
        row = next((r for r in reversed(rows) if r.valid_from <= on), None)
        if row is None:
            raise NotFound(
                f"No price of {model} is known for {on}.",
                hint=f"Its price list starts on {rows[0].valid_from}.",
            )
        return Price(
            micros=row.micros, currency="USD", unit=row.unit, source=row.source, as_of=row.as_of
        )

    def lifecycle_of(self, model: str, *, on: date) -> Lifecycle:
        """Return where a model stands on a day."""
        entry = self.model(model).lifecycle
        end = entry.ends_on or entry.gone_by
        status: Status = "active"
        if end is not None and on >= end:
            status = "ended"
        elif entry.legacy_on is not None and on >= entry.legacy_on:
            status = "legacy"
        return Lifecycle(
            status=status,
            legacy_on=entry.legacy_on,
            ends_on=entry.ends_on,
            source=entry.source,
            replacement=entry.replacement,
        )

    def warnings(
        self, *, on: date, models: Collection[str] | None = None, within: timedelta = NOTICE
    ) -> list[LifecycleWarning]:
        """Return the models (of those in use, if given) that have ended or end `within`, by end."""
        wanted = self.models if models is None else [m for m in self.models if m in set(models)]
        found = [w for m in wanted if (w := self._warning(m, on=on, within=within)) is not None]
        return sorted(found, key=lambda w: (w.days_left is not None, w.days_left or 0))

    def _warning(self, model: str, *, on: date, within: timedelta) -> LifecycleWarning | None:
        now = self.lifecycle_of(model, on=on)
        left = None if now.ends_on is None else (now.ends_on - on).days
        if now.status != "ended" and (left is None or left > within.days):
            return None
        return LifecycleWarning(
            model=model,
            status=now.status,
            ends_on=now.ends_on,
            days_left=left,
            replacement=now.replacement,
            message=_told(model, now, left=left),
        )


def _told(model: str, now: Lifecycle, *, left: int | None) -> str:
    move = f" Move to {now.replacement}." if now.replacement else ""
    if now.status != "ended":
        return f"{model} ends on {now.ends_on}, in {left} day{'' if left == 1 else 's'}.{move}"
    when = f"ended on {now.ends_on}" if now.ends_on else "has been withdrawn by its provider"
    return f"{model} {when}.{move}"


def parse_catalogue(text: str) -> Catalogue:
    """Read a catalogue file's text; `InvalidInput` lists every fault with its place."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(
            "The model catalogue is not YAML.", problems=[Problem("/", "syntax", str(error))]
        ) from error
    if problems := faults_in(raw):
        raise InvalidInput("The model catalogue has faults.", problems=problems)
    return Catalogue({entry.id: entry for entry in read_entries(raw)})


@cache
def shipped_catalogue() -> Catalogue:
    """Return the catalogue that comes with Headgate."""
    text = resources.files(__package__).joinpath("models.yaml").read_text(encoding="utf-8")
    return parse_catalogue(text)
