"""The list of operations in the reference is that of the API."""

from collections.abc import Iterator
from pathlib import Path

from headgate.web.description import describe_api

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "http-api.md"
HEADING = "## Operations\n"


def operations() -> Iterator[str]:
    described = describe_api()
    about = {tag["name"]: tag["description"] for tag in described["tags"]}
    by_tag: dict[str, list[str]] = {tag: [] for tag in about}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            what = (
                operation["description"].partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
            )
            row = f"| `{method.upper()} {path}` | {what} |"
            by_tag.setdefault(operation["tags"][0], []).append(row)
    for tag, rows in by_tag.items():
        yield f"\n### {tag.capitalize()}\n\n"
        if tag in about:
            yield f"{about[tag]}\n\n"
        yield "| | |\n| --- | --- |\n"
        yield from (f"{row}\n" for row in sorted(rows, key=place))


def place(row: str) -> tuple[str, str]:
    method, path = row.split("`")[1].split(" ")
    return path, method


def test_the_reference_lists_every_operation(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    current = text.partition(HEADING)[0] + HEADING + "".join(operations())
    as_it_should_be = tmp_path / PAGE.name
    as_it_should_be.write_text(current, encoding="utf-8")

    assert text == current, f"the API has changed: cp {as_it_should_be} {PAGE}"
