"""What came of a campaign: its manifest for people and pipes, its failures as the command's end."""

from typing import Any

from headgate.cli.errors import CliError, Exit, Fault
from headgate.cli.output import Column, Item, Output
from headgate.cli.output.values import money_text

_PRODUCT = (
    Column("PRODUCT", "name"),
    Column("STATUS", "status", "name"),
    Column("SOURCE", "image_source", "name"),
    Column("IMAGES", lambda product: len(product["variants"]), "number"),
    Column("COST", lambda product: money_text(product["cost_micros"]), "number"),
)
_IMAGE = (
    Column("PRODUCT", "product"),
    Column("SOURCE", "source"),
    Column("PRESET", "preset"),
    Column("KEY", "key"),
)


def print_manifest(output: Output, manifest: dict[str, Any]) -> None:
    """Print a manifest: products, costs and keys for a person, a line for each image to a pipe."""
    if output.as_json:
        output.json(manifest)
        return
    images = _images(manifest)
    if not output.on_terminal:
        output.items(images, _IMAGE, empty="")
        return
    output.items(manifest["products"], _PRODUCT, empty="")
    costs = manifest["costs"]
    saved = money_text(costs["saved_by_reuse_micros"], costs["currency"])
    total = money_text(costs["total_micros"], costs["currency"])
    output.line(f"\nCost {total}, saved by reuse {saved}.\n")
    for image in images:
        output.line(image["key"])
    output.line(f"{manifest['output']}/manifest.json")


def print_prediction(output: Output, prediction: dict[str, Any]) -> None:
    """Print what a campaign would cost."""
    if output.as_json:
        output.json(prediction)
        return
    currency = prediction["currency"]
    lines = (
        Column("PRODUCT", "product"),
        Column("IMAGE", "kind"),
        Column("COST", lambda line: money_text(line["micros"], currency), "number"),
        Column("SAVED", lambda line: money_text(line["saved_micros"], currency), "number"),
    )
    output.items(prediction["lines"], lines, empty="")
    for warning in prediction.get("warnings") or []:
        output.note(f"Warning: {warning}")
    total = money_text(prediction["total_micros"], currency)
    saved = money_text(prediction["saved_by_reuse_micros"], currency)
    output.note(
        f"It would cost {total} ({saved} saved by reuse), at the prices of"
        f" {prediction['priced_as_of']}. Nothing was run."
    )


def failure_of(operation: Item) -> CliError | None:
    """Return the error to end with, or None if the campaign is complete.

    It names each product that failed and why, and how to complete the campaign.
    """
    if operation["state"] == "succeeded":
        return None
    if operation["state"] == "cancelled":
        return CliError(
            "The campaign was cancelled.",
            exit_code=Exit.FAILED,
            hint="run the command again to start a new one.",
        )
    result = operation.get("result") or {}
    if result.get("status") == "rejected":
        return CliError(
            operation["message"] or "The brief was rejected.",
            exit_code=Exit.REFUSED,
            fault="input",
            hint="mend the brief, then run the command again.",
            faults=[Fault(p["pointer"], p["message"]) for p in operation["problems"]],
        )
    failed = [product for product in result.get("products", []) if product["failure"]]
    return CliError(
        f"The campaign is {result.get('status', 'failed')}: {operation['message']}.",
        exit_code=Exit.FAILED,
        hint=_redrive([product["failure"] for product in failed]),
        faults=[Fault(product["name"], _reason(product["failure"])) for product in failed],
    )


def _images(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "product": product["name"],
            "source": product["image_source"],
            "preset": variant["preset"],
            "key": variant["key"],
        }
        for product in manifest["products"]
        for variant in product["variants"]
    ]


def _reason(failure: Item) -> str:
    hint = failure.get("hint")
    return f"{failure['message']} {hint}" if hint else str(failure["message"])


def _redrive(failures: list[dict[str, Any]]) -> str:
    letters = sorted({failure["dead_letter"] for failure in failures if "dead_letter" in failure})
    if not letters:
        return "see `headgate dlq list`, mend the cause, then redrive."
    ids = " ".join(map(str, letters))
    return f"mend the cause, then complete the campaign with `headgate dlq redrive {ids}`."
