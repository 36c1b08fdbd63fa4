"""List the benchmarks, or run one: `python bench/run.py [NAME] [ARGS]`.

Each benchmark is a file here with a `SUMMARY` and a `main(arguments)`. Its last line on stdout is
one JSON object: name, value, spread, unit, and `against`: each peer or limit of the same run with
its own figures and the ratio of ours to it.
"""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(
        path.stem for path in HERE.glob("*.py") if "\nSUMMARY" in path.read_text(encoding="utf-8")
    )


def run(arguments: list[str]) -> None:
    sys.path.insert(0, str(HERE))
    if not arguments:
        for name in names():
            print(f"{name:10} {importlib.import_module(name).SUMMARY}")
        return
    name, *rest = arguments
    if name not in names():
        sys.exit(f"There is no benchmark {name!r}; there are: {', '.join(names())}.")
    importlib.import_module(name).main(rest)


if __name__ == "__main__":
    run(sys.argv[1:])
