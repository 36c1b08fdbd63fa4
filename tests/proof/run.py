"""Run the proof: `python -m proof.run`, with `tests` on the path. `make proof` does.

The last line is one JSON object. `mutants` counts deliberate bugs in the SQL and rules left out of
the model. Whatever is lost, doubled, broken or not caught makes the exit code 1.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence

from proof.parts import Part, Plan, cascade, chaos, model, mutants, storm

PARTS: Sequence[tuple[str, Part]] = (
    ("model", model.look),
    ("chaos", chaos.play),
    ("cascade", cascade.play),
    ("mutants", mutants.hunt),
    ("storm", storm.play),
)
_TOLD = ("rounds", "lost", "doubled", "mutants", "caught", "states")


def main(words: Sequence[str], parts: Sequence[tuple[str, Part]] = PARTS) -> int:
    asked = _parser([name for name, _ in parts]).parse_args(words)
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    begun = time.monotonic()
    print(f"seed {seed}", flush=True)
    counts: Counter[str] = Counter(dict.fromkeys(_TOLD, 0))
    faults: list[str] = []
    for name, part in parts:
        if name not in (asked.only or name):
            continue

        def say(text: str, name: str = name) -> None:
            print(f"{time.monotonic() - begun:7.1f} s  {name:8} {text}", flush=True)

        ends = None if asked.minutes is None else time.monotonic() + 60 * asked.minutes
        found = part(Plan(seed, _rounds(asked), asked.long, ends, say))
        counts.update(found.counts)
        faults += found.faults
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults; --seed {seed} shows them again")
    print(json.dumps(dict(counts)))
    return 1 if faults or counts["lost"] or counts["doubled"] else 0


def _rounds(asked: argparse.Namespace) -> int:
    if asked.rounds is not None:
        return int(asked.rounds)
    return 100 if asked.long else 10


def _parser(parts: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="proof", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, metavar="N", help="of chaos, at least (10; long 100)")
    parser.add_argument("--seed", type=int, metavar="S", help="of the first round (random)")
    parser.add_argument("--minutes", type=float, metavar="M", help="go on with rounds so long")
    parser.add_argument("--long", action="store_true", help="larger flows, more rounds")
    parser.add_argument(
        "--only", nargs="+", choices=parts, metavar="PART", help="of: " + ", ".join(parts)
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
