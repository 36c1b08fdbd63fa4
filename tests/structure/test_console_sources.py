"""The console's sources keep their rules: texts in the catalogue, one world, small parts, no weight."""

import gzip
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from headgate.cli.catalog import headgate
from headgate.web.console.bundle import FOLDER, PAGE

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
SRC = CONSOLE / "src"
SCRIPTS = sorted([*SRC.rglob("*.ts"), *SRC.rglob("*.tsx")])
MARKUP = sorted(SRC.rglob("*.tsx"))
STYLES = sorted(SRC.rglob("*.css"))
AREAS = sorted([*SRC.glob("pages/*"), *SRC.glob("apps/*")])
GENERATED = SRC / "api" / "schema.ts"
MOST_LINES = 300
MOST_BYTES = 130_000  # what the first page needs, compressed
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "base"}

COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
BETWEEN_TAGS = re.compile(r"[\w\"'}]>\s*([A-Za-z][^<>{}=;()]*[A-Za-z.…?!:])\s*(?=</|<\w|\{)")
WORDS_OF = r"aria-label|title|placeholder|label|alt|verb|about|head|text|any|name"
ATTRIBUTE = re.compile(rf'\s(?:{WORDS_OF})="([^"]*[A-Z][a-z]+[^"]*|[a-z]+ [^"]+)"')
FIELD = re.compile(rf'\b(?:{WORDS_OF}): "([A-Z][a-z][^"]*)"')
SAID = re.compile(r"\bsay\(\s*[\"'`]([^\"'`]+)")
OWN_NAME = {"Headgate"}

ELSEWHERE = re.compile(r"(?:https?:)?//(?!localhost|127\.0\.0\.1)[a-z0-9-]+\.[a-z]{2,}[^\s\"'`)]*")
NAMESPACES = {"http://www.w3.org/2000/svg", "//www.w3.org/2000/svg"}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
SIDE = re.compile(r"\b(?:margin|padding|border|inset)-(?:left|right)\b|: (?:left|right);|float:")
COMMAND = re.compile(r"[\"`](headgate [a-z][^\"`\n]*)[\"`]")


def name(path: Path) -> str:
    return path.relative_to(CONSOLE).as_posix()


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_the_client_of_the_api_is_current() -> None:
    done = subprocess.run(
        [sys.executable, CONSOLE / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", MARKUP, ids=name)
def test_every_text_goes_through_the_catalogue(path: Path) -> None:
    text = re.sub(r"<(code|kbd)>[^<{]*</\1>", "", code(path))
    plain = [*BETWEEN_TAGS.findall(text), *ATTRIBUTE.findall(text), *FIELD.findall(text)]
    plain += SAID.findall(text)

    assert set(plain) <= OWN_NAME, "wrap it: t(…) or n(…)"


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=name)
def test_file_is_readable_in_one_sitting(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= MOST_LINES or path == GENERATED, "one duty a file: split it"
    assert path.stem not in VAGUE or path == SRC / "ui" / "base.css", "name it for its one duty"


@pytest.mark.parametrize("folder", AREAS, ids=name)
def test_every_folder_of_pages_is_an_area(folder: Path) -> None:
    index = folder / "index.ts"

    assert index.is_file(), "the shell finds an area by its index.ts"
    assert re.search(
        r"^const (\w+): Area = \{.*^export default \1;$",
        index.read_text(),
        re.DOTALL | re.MULTILINE,
    )
    assert "lazy(" in index.read_text(), "a page weighs on no other: import it lazily"


def test_areas_have_paths_and_places_of_their_own() -> None:
    indexes = [folder / "index.ts" for folder in AREAS]
    paths = [
        p for index in indexes for p in re.findall(r'path: "([^"]+)", page', index.read_text())
    ]
    places = [
        re.findall(r'group: "(\w+)"|order: (\d+)', index.read_text())[:2] for index in indexes
    ]

    assert sorted(set(paths)) == sorted(paths)
    assert len({str(place) for place in places}) == len(places), "two areas in one place: order"


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES, CONSOLE / "index.html"], ids=name)
def test_nothing_is_asked_of_another_machine(path: Path) -> None:
    assert set(ELSEWHERE.findall(code(path))) <= NAMESPACES


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_makes_no_markup_and_no_code_of_texts(path: Path) -> None:
    assert not re.search(r"innerHTML|dangerouslySet|\beval\(|new Function\(", code(path))


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_says_what_things_are(path: Path) -> None:
    # A page's parameters are the one thing that the shell cannot know.
    allowed = {"<any>"} if path == SRC / "shell" / "area.ts" else set()

    assert set(re.findall(r": any\b|\bas any\b|<any>|@ts-\w+", code(path))) <= allowed


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_colours_are_those_of_the_theme(path: Path) -> None:
    if path != SRC / "ui" / "base.css":
        # Behind a dialog, and over a picture, which has no theme.
        veils = {"#0008", "#0009", "#fff"}
        assert set(COLOUR.findall(code(path))) <= veils, "use a token of ui/base.css"


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_sides_follow_the_direction_of_the_text(path: Path) -> None:
    assert SIDE.findall(code(path)) == [], "use inline-start and inline-end"


def shown_commands() -> Iterator[object]:
    for path in SCRIPTS:
        for line in COMMAND.findall(code(path)):
            yield pytest.param(line, id=f"{name(path)}: {line}")


@pytest.mark.parametrize("line", list(shown_commands()))
def test_a_command_that_the_console_shows_is_one(line: str) -> None:
    words = re.sub(r"\$\{[^}]*\}?", " X ", line).split()[1:]  # X: what only the page knows
    command: click.Command = headgate
    context = click.Context(command, info_name="headgate")
    while isinstance(command, click.Group) and words and re.fullmatch("[a-z-]+", words[0]):
        inner = command.get_command(context, words.pop(0))
        assert inner is not None, f"there is no such command: {line}"
        command = inner
    if isinstance(command, click.Group):
        return
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}

    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known


def test_a_package_carries_the_bundle() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]

    # It is built, so git does not know it: without this no wheel and no sdist would have it.
    assert FOLDER.relative_to(ROOT).as_posix() in build["artifacts"]
    assert "custom" in build["hooks"]
    assert build["targets"]["wheel"]["packages"] == ["src/headgate"]


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


def needed_at_once(page: str) -> set[str]:
    """Return the files that are loaded before the overview is drawn, by what the built files say."""
    html = (FOLDER / PAGE).read_text(encoding="utf-8")
    files = set(re.findall(r'(?:src|href)="/(assets/[^"]+)"', html))
    entry = next(
        (FOLDER / f).read_text()
        for f in files
        if f.startswith("assets/index-") and f.endswith(".js")
    )
    listed = re.search(r"\.f=\[([^\]]*)\]", entry)
    asked = re.search(
        rf'import\([`"\']\./{page}-[^`"\']+[`"\']\)[^\]]*?mapDeps\(\[([\d,]*)\]', entry
    )
    assert listed, "the entry does not list its parts: has the bundler changed?"
    assert asked, f"the entry does not load {page}"
    parts = [part.strip("\"'`") for part in listed[1].split(",")]
    files |= {parts[int(number)] for number in asked[1].split(",")}
    while new := imported(files) - files:
        files |= new
    return files


def imported(files: set[str]) -> set[str]:
    scripts = [FOLDER / file for file in files if file.endswith(".js")]
    found = r'(?:from|import)\s*[`"\']\./([\w.-]+\.js)[`"\']'
    return {
        f"assets/{part}" for script in scripts for part in re.findall(found, script.read_text())
    }


def test_the_first_page_is_light() -> None:
    if not (FOLDER / PAGE).is_file():
        pytest.skip("the console was not built: install it with `make web`")
    sizes = {file: compressed(FOLDER / file) for file in {PAGE, *needed_at_once("Overview")}}

    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) < MOST_BYTES, f"{sum(sizes.values())} bytes; most are of {heaviest}"
