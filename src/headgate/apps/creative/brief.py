"""Reading a brief: JSON in, a `Brief` or every fault out."""

import json
import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from headgate.apps.creative.model import (
    ASSETS,
    MAX_BRIEF_BYTES,
    MAX_MARKET,
    MAX_MESSAGE,
    MAX_PRODUCTS,
    Brand,
    Brief,
    BriefProduct,
)
from headgate.core.errors import InvalidInput, Problem, TooLarge

_HINT = "Mend the brief and drop it again; docs/reference/brief.md has the fields."
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")  # tab and line feed are fine


class BriefRejected(InvalidInput):
    """A brief that cannot be made into a campaign; `problems` has every fault."""

    code = "brief_rejected"


def _printable(text: str) -> str:
    if _UNPRINTABLE.search(text):
        raise ValueError("holds a control character")
    return text


def _asset_key(key: str) -> str:
    parts = key.split("/")
    if key.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"must be a path below {ASSETS}, without '..' or a leading '/'")
    return key if key.startswith(ASSETS) else ASSETS + key


def _only_one(value: Any) -> Any:
    """Accept a list of one, as document 002's `existing_assets` reads like a list."""
    if isinstance(value, list):
        if len(value) != 1:
            raise ValueError("give exactly one asset for each product")
        return value[0]
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#0a7d4f"])]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class BrandPart(_Part):
    """How the brand looks; without it the layout chooses."""

    name: Annotated[Text, Field(max_length=80)] = ""
    primary_color: Color | None = None
    background_color: Color | None = None
    text_color: Color | None = None


class ProductPart(_Part):
    """One product."""

    name: Annotated[Text, Field(min_length=1, max_length=120, examples=["Apple Juice"])]
    description: Annotated[Text, Field(max_length=2000)] = ""
    existing_assets: Annotated[
        Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_asset_key)] | None,
        BeforeValidator(_only_one),
    ] = None


class BriefDocument(_Part):
    """A campaign brief, as it is dropped or submitted."""

    campaign_id: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", examples=["summer-2026"])
    ]
    campaign_message: Annotated[
        Text, Field(min_length=1, max_length=MAX_MESSAGE, examples=["Fresh from the orchard"])
    ]
    audience: Annotated[Text, Field(max_length=MAX_MARKET)] = ""
    region: Annotated[Text, Field(max_length=MAX_MARKET)] = ""
    brand: BrandPart = BrandPart()
    products: Annotated[list[ProductPart], Field(min_length=1, max_length=MAX_PRODUCTS)]


def read_brief(data: bytes) -> Brief:
    """Return the brief in `data`, or raise `BriefRejected` or `TooLarge` with every fault."""
    if len(data) > MAX_BRIEF_BYTES:
        raise TooLarge(
            f"The brief has {len(data) // 1024:,} KiB; at most {MAX_BRIEF_BYTES // 1024} are read.",
            hint="Split it into several campaigns.",
        )
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise _rejected([Problem("", "not_utf8", f"byte {error.start} is not UTF-8")]) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _rejected([Problem(where, "not_json", error.msg)]) from error
    except RecursionError as error:
        raise _rejected([Problem("", "not_json", "nested too deeply")]) from error
    except ValueError as error:
        raise _rejected([Problem("", "not_json", str(error))]) from error
    try:
        return to_brief(BriefDocument.model_validate(document))
    except ValidationError as error:
        raise _rejected(problems_of(error)) from error


def to_brief(document: BriefDocument) -> Brief:
    """Return a validated document as the app's own noun."""
    brand = document.brand
    return Brief(
        campaign_id=document.campaign_id,
        message=document.campaign_message,
        brand=Brand(brand.name, brand.primary_color, brand.background_color, brand.text_color),
        products=tuple(
            BriefProduct(p.name, p.description, p.existing_assets) for p in document.products
        ),
        audience=document.audience,
        region=document.region,
    )


def problems_of(error: ValidationError) -> list[Problem]:
    """Return every fault with its JSON pointer."""
    return [
        Problem(
            "".join(f"/{part}" for part in fault["loc"]),
            fault["type"],
            fault["msg"].removeprefix("Value error, "),
        )
        for fault in error.errors(include_url=False, include_input=False)
    ]


def _rejected(problems: list[Problem]) -> BriefRejected:
    faults = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
    return BriefRejected(f"The brief has {faults}.", hint=_HINT, problems=problems)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the field {name!r} is given twice")
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")
