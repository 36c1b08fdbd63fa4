"""When a dispatcher that stood still trusts what expired meanwhile."""

from headgate.core.dispatch.standstill import Standstill


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_ticks_regularly_never_settles() -> None:
    clock = Seconds()
    standstill = Standstill(settle=5, clock=clock)
    for _ in range(10):
        standstill.tick()
        clock.now += 1.9

        assert not standstill.settling()


def test_after_a_pause_it_settles_for_its_time_whoever_notices_first() -> None:
    clock = Seconds()
    standstill = Standstill(settle=5, clock=clock)
    standstill.tick()
    clock.now += 600
    settled = []
    for _ in range(7):
        settled.append(standstill.settling())
        clock.now += 1

    assert settled == [True] * 5 + [False] * 2


def test_without_ticks_nothing_is_noticed() -> None:
    clock = Seconds()
    standstill = Standstill(settle=5, clock=clock)
    clock.now += 600

    assert not standstill.settling()
