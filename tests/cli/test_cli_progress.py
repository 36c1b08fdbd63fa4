"""Progress: a bar where it can be redrawn, else a line every five seconds."""

import io
import os
import pty

from headgate.cli.nouns.progress import Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_file_gets_one_plain_line_every_five_seconds() -> None:
    clock, stream = Clock(), io.StringIO()
    with Progress("Images", total=100, stream=stream, clock=clock) as progress:
        for second in range(21):
            clock.now = float(second)
            progress.show(second * 4, message="square\x1b[2J")

    assert stream.getvalue().splitlines() == [
        "Images: 20 of 100, 5 s, square [2J",
        "Images: 40 of 100, about 15 s left, square [2J",
        "Images: 60 of 100, about 10 s left, square [2J",
        "Images: 80 of 100, about 5 s left, square [2J",
    ]


def test_a_command_that_ends_soon_shows_nothing() -> None:
    clock, stream = Clock(), io.StringIO()
    with Progress("Images", total=2, stream=stream, clock=clock) as progress:
        progress.show(0)
        clock.now = 4.0
        progress.show(2)

    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_that_is_gone_at_the_end() -> None:
    expected = b"\r\x1b[2K[############............] Images: 2 of 4, 1 s\r\x1b[2K"
    clock, (ours, theirs) = Clock(), pty.openpty()
    shown = b""
    with (
        os.fdopen(theirs, "w") as stream,
        Progress("Images", total=4, stream=stream, clock=clock) as progress,
    ):
        progress.show(0)
        clock.now = 1.0
        progress.show(2)
        clock.now = 1.05
        progress.show(3)
        progress.close()
        while len(shown) < len(expected):  # a terminal hands over what it has so far
            shown += os.read(ours, 1000)

    os.close(ours)
    assert shown == expected


def test_an_unknown_total_is_left_out() -> None:
    clock, stream = Clock(), io.StringIO()
    with Progress("Fetching", total=0, stream=stream, clock=clock) as progress:
        progress.show(0)
        clock.now = 6.0
        progress.show(7)

    assert stream.getvalue() == "Fetching: 7, 6 s\n"
