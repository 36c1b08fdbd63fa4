"""How long a DAG of 1,000 parts takes to be seen in the console, in Chromium, and to follow it."""

import argparse
import sys
from time import perf_counter
from typing import Any

from console_rig import call, chromium, console
from result import report, spread, tell

SUMMARY = "ms until a DAG of 1,000 parts is painted in the console, and for one update of its state"

_PAINTED = """wanted => new Promise(done => {
  const look = () => {
    const seen = document.querySelectorAll('.graph-node').length;
    if (seen >= wanted) requestAnimationFrame(() => setTimeout(() => {
      const asked = performance.getEntriesByType('resource');
      const got = asked.filter(({name}) => /graph$/.test(name)).at(-1);
      const now = performance.now();
      done({page: now, render: now - got.responseEnd, answer: got.duration});
    }));
    else setTimeout(look, 5);
  };
  look();
})"""
_MORE = 600  # ms after an answer until what it changed is painted


def _dag(parts: int) -> str:
    """Return a DAG of a source and jobs in layers of 20; each reads one or two datasets before."""
    jobs = parts // 2 - 1
    lines = ["dag: big", "sources: {start: {kind: http, dataset: big.d0}}", "datasets:"]
    lines += [f"  big.d{at}: {{}}" for at in range(jobs + 1)]
    lines += ["jobs:"]
    for at in range(1, jobs + 1):
        above = sorted({max(0, at - 20), max(0, at - 23)})
        reads = ", ".join(f"big.d{one}" for one in above)
        lines.append(
            f"  j{at}: {{operator: creative.write_manifest, inputs: [{reads}],"
            f" outputs: [big.d{at}], execution_strategy: PerUpdate}}"
        )
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("graph", description=__doc__)
    parser.add_argument("--parts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    taken: dict[str, list[float]] = {"answer": [], "render": [], "page": [], "update": []}
    with console() as url:
        call(url, "/dags", {"source": _dag(options.parts)})
        start = perf_counter()
        call(url, "/dags/big/graph")
        layout = 1000 * (perf_counter() - start)
        with chromium() as browser:
            for _ in range(options.rounds):
                for name, value in _round(browser, url, parts=options.parts).items():
                    taken[name].append(value)
    for name, found in taken.items():
        tell(f"{name:>8}: {spread(found)} ms")
    report(
        "graph",
        taken["page"],
        "ms",
        against={},
        milliseconds={name: round(spread(found).median) for name, found in taken.items()},
        layout_ms=round(layout),
    )


def _round(browser: Any, url: str, *, parts: int) -> dict[str, float]:
    """Open the DAG's page in a fresh profile; then let a job be paused, which the page follows."""
    context = browser.new_context(viewport={"width": 1360, "height": 850})
    page = context.new_page()
    page.goto(f"{url}/dags/big")
    found: dict[str, float] = page.evaluate(_PAINTED, parts)
    page.wait_for_timeout(1500)  # what else the first paint brings with it
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    with page.expect_response("**/graph/status"):
        before = _busy(session)
        call(url, "/jobs/big.j1/pause", {})
    page.wait_for_timeout(_MORE)
    found["update"] = 1000 * (_busy(session) - before)
    call(url, "/jobs/big.j1/resume", {})
    context.close()
    return found


def _busy(session: Any) -> float:
    """Return for how many seconds the page's main thread has worked."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


if __name__ == "__main__":
    main(sys.argv[1:])
