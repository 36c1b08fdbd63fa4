"""The nouns of processing a part again."""

from dataclasses import dataclass

from headgate.core.app import Range


@dataclass(frozen=True, slots=True)
class Given:
    """An event that makes a job run over a part: of which input, at `key` or over `range`.

    `covers` is what of the job's own partitions that concerns: at least what was asked for.
    """

    dataset_id: int
    dataset: str
    partitioning: str
    key: str | None
    range: Range | None
    covers: Range | None


@dataclass(frozen=True, slots=True)
class Processed:
    """What a job was told to run again, or (`dry_run`) would be.

    The event `event_id` of `dataset` goes to this job only. `range` is what of the job's partitions
    it covers, at least what was asked for; `key` its text key. `payload_of`: the event whose
    payload it has. `tasks` is how many tasks that is. Many tasks come from the backfill `backfill`,
    bit by bit; it is null while the event is not routed.
    """

    job: str
    dry_run: bool
    event_id: int | None
    dataset: str
    key: str | None
    range: Range | None
    payload_of: int | None
    tasks: int
    by_backfill: bool
    backfill: int | None
    text: str
