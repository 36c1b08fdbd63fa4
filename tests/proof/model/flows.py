"""The flows that are looked at: each is the smallest that has some difficulty."""

from proof.model.flow import Flow, Job

UPDATES = (False,)
BOTH = (False, True)

_B, _C, _D = Job("B", "A"), Job("C", "A"), Job("D", "BC")
_SHAPES = {
    "a diamond": (_B, _C, _D),
    "a triangle": (_B, Job("D", "AB")),
    "a diamond that reads its source, too": (_B, _C, Job("D", "ABC")),
    "a diamond with a long side": (Job("M", "A"), Job("B", "M"), _C, _D),
    "a diamond with a side that appends": (Job("B", "A", replace=False), _C, _D),
    "a diamond under a diamond": (_C, Job("D", "AC"), Job("E", "CD")),
    "a triangle whose attempts are stopped": (
        Job("B", "A", cancels=True),
        Job("D", "AB", cancels=True),
    ),
    "a chain that appends": (_B, Job("C", "B", replace=False), Job("E", "C")),
    "a diamond with a side of two sources": (Job("B", "AS"), _C, _D),
    "a long side of two sources": (Job("M", "AS"), Job("B", "M"), _C, _D),
}


def flow(shape: str, *, commits: int, faults: int = 0, kinds: tuple[bool, ...] = BOTH) -> Flow:
    """Return a flow by the name of its shape. Source A makes so many commits, S makes one."""
    jobs = _SHAPES[shape]
    read = {dataset for job in jobs for dataset in job.inputs}
    sources = {"A": commits, "S": 1} if "S" in read else {"A": commits}
    return Flow(sources, jobs, faults, kinds)


USUAL = {
    name: flow(name, commits=commits, faults=faults, kinds=kinds)
    for name, commits, faults, kinds in [
        ("a diamond", 2, 1, BOTH),
        ("a triangle", 2, 1, BOTH),
        ("a diamond that reads its source, too", 2, 1, UPDATES),
        ("a diamond with a long side", 2, 1, UPDATES),
        ("a diamond with a side that appends", 2, 1, BOTH),
        ("a diamond under a diamond", 2, 1, BOTH),
        ("a triangle whose attempts are stopped", 2, 1, BOTH),
        ("a chain that appends", 2, 1, BOTH),
        ("a diamond with a side of two sources", 1, 1, BOTH),
        ("a long side of two sources", 1, 0, BOTH),
    ]
}
"""What CI looks at: a second or two each, at most."""

LONG = {
    name: flow(name, commits=commits, faults=faults, kinds=kinds)
    for name, commits, faults, kinds in [
        ("a diamond", 2, 2, BOTH),
        ("a triangle", 3, 2, BOTH),
        ("a diamond that reads its source, too", 2, 1, BOTH),
        ("a diamond with a long side", 2, 1, BOTH),
        ("a diamond with a side that appends", 2, 2, BOTH),
        ("a diamond under a diamond", 2, 2, BOTH),
        ("a triangle whose attempts are stopped", 3, 2, BOTH),
        ("a chain that appends", 3, 2, BOTH),
        ("a diamond with a side of two sources", 2, 0, UPDATES),
        ("a long side of two sources", 1, 1, BOTH),
    ]
}
"""What takes minutes, and a few GB."""
