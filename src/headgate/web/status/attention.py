"""What needs a person: dead letters and rejected briefs."""

from collections.abc import Mapping, Sequence
from typing import Any

from headgate.core.tasks.model import DeadLetter
from headgate.web.status.markup import NOTHING, Markup, badge, moment, tag

Row = Mapping[str, Any]


def dead_letters(letters: Sequence[DeadLetter], *, total: int, notice: str) -> Markup:
    """Return the newest open dead letters, each with a button that puts it back to work."""
    if letters:
        more = total - len(letters)
        note = tag("p", f"and {more:,} older ones", class_="note") if more > 0 else NOTHING
        body = tag("ul", *(_letter(letter) for letter in letters), class_="cards")
    else:
        note = NOTHING
        body = tag("p", "None. Work that fails for good is set aside here.", class_="empty")
    said = tag("p", notice, class_="notice", role="status") if notice else NOTHING
    return tag(
        "section",
        tag("h2", "Dead letters", id="dead-letters"),
        said,
        body,
        note,
        aria_labelledby="dead-letters",
        data_key="dead-letters",
    )


def rejected_briefs(campaigns: Sequence[Row]) -> Markup:
    """Return the briefs that could not be read, each with every fault."""
    rejected = [row for row in campaigns if row["state"] == "rejected"]
    if not rejected:
        return tag("div", hidden=True, data_key="rejected")
    return tag(
        "section",
        tag("h2", "Rejected briefs", id="rejected-title"),
        tag("ul", *(_brief(row) for row in rejected), class_="cards"),
        aria_labelledby="rejected-title",
        data_key="rejected",
    )


def _letter(letter: DeadLetter) -> Markup:
    error = letter.error
    where = letter.job if letter.partition is None else f"{letter.job} · {letter.partition}"
    button = tag(
        "button",
        "Redrive",
        tag("span", f" dead letter {letter.id} of {letter.job}", class_="unseen"),
        type="submit",
    )
    return tag(
        "li",
        tag(
            "div",
            tag("h3", where),
            tag("p", str(error.get("message", "unknown error")), class_="problem"),
            _faults(error.get("problems")),
            tag("p", str(error["hint"])) if error.get("hint") else NOTHING,
            tag(
                "p",
                f"dead letter {letter.id} · task {letter.task_id} · {_tries(letter.attempts)} · ",
                moment(letter.died_at),
                class_="note",
            ),
        ),
        tag("form", button, method="post", action=f"/dead-letters/{letter.id}/redrive"),
        class_="card",
        data_key=f"letter-{letter.id}",
    )


def _brief(row: Row) -> Markup:
    return tag(
        "li",
        tag(
            "div",
            tag("h3", row["brief_key"]),
            badge("bad", "rejected"),
            tag("p", row["error"], class_="problem") if row["error"] else NOTHING,
            _faults(row["problems"]),
            tag("p", moment(row["created_at"]), class_="note"),
        ),
        class_="card",
        data_key=f"brief-{row['run_id']}",
    )


def _faults(problems: Any) -> Markup:
    if not isinstance(problems, list) or not problems:
        return NOTHING
    return tag(
        "ul",
        *(
            tag("li", tag("code", str(p.get("pointer") or "/")), " ", str(p.get("message", "")))
            for p in problems
            if isinstance(p, dict)
        ),
        class_="faults",
    )


def _tries(count: int) -> str:
    return "1 attempt" if count == 1 else f"{count} attempts"
