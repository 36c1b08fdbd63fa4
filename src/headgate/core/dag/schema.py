"""The YAML language of a DAG, as types. `json_schema()` is what editors and the reference get.

Fields are strict: an unknown field is a fault, and no value is turned into another type.
"""

import json
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, Strict

from headgate.core.dag.scalars import Cron, Duration, PositiveDuration, TimeZone

SLUG = r"^[a-z][a-z0-9_]*$"
DATASET = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
OPERATOR = r"^[a-z][a-z0-9_]*\.[a-z_][a-z0-9_]*$"
COLUMN = r"^[A-Za-z_][A-Za-z0-9_]*$"

Name = Annotated[str, Field(pattern=SLUG, max_length=63)]
DatasetName = Annotated[str, Field(pattern=DATASET, max_length=200)]
OperatorName = Annotated[str, Field(pattern=OPERATOR, max_length=200)]
ColumnName = Annotated[str, Field(pattern=COLUMN, max_length=63)]
Partitioning = Literal["key", "range"]
Strategy = Literal["PerUpdate", "PerPartition", "Bulk"]
ColumnType = Literal[
    "text",
    "boolean",
    "integer",
    "bigint",
    "numeric",
    "double",
    "date",
    "timestamptz",
    "uuid",
    "jsonb",
    "bytea",
    "text[]",
    "bigint[]",
]
# Twice the largest offset is still far from the edge of an int8, whatever a path of them sums to.
Offset = Annotated[int, Field(ge=-(2**40), le=2**40)]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class Dataset(_Strict):
    """What a dataset is. Its name is global in an org, and one job or source at most makes it."""

    description: str = ""
    partitioning: Partitioning = "key"
    """`key`: events name a text key. `range`: events cover a range of whole numbers."""
    unit: str | None = None
    """What a range counts, such as `block`; only for `range`."""
    storage: Literal["postgres", "s3"] = "postgres"
    """`postgres`: rows of a table. `s3`: objects of the object store."""
    write_mode: Literal["direct", "buffered"] = "direct"
    """`direct`: operators write it. `buffered`: a sink of its own writes what operators emit."""
    location: str | None = None
    """The table or the object prefix; by default one named after the dataset."""
    columns: dict[ColumnName, ColumnType] = Field(default_factory=dict, alias="schema")
    """The type of each column."""
    pii_columns: Annotated[tuple[ColumnName, ...], Strict(strict=False)] = ()
    """Columns with personal data: masked for readers without the role."""


class ObjectCreated(_Strict):
    """An event for each object put under a prefix; its key is the object's key."""

    kind: Literal["object_created"]
    dataset: DatasetName
    description: str = ""
    prefix: Annotated[str, Field(min_length=1, max_length=900)]
    """How the key begins, such as `input/briefs/`."""
    suffix: Annotated[str, Field(max_length=900)] = ""
    """How the key ends, such as `.json`."""


class Schedule(_Strict):
    """An event at each fire time of a cron expression; its key is that time."""

    kind: Literal["schedule"]
    dataset: DatasetName
    description: str = ""
    cron: Cron
    """Minute, hour, day of month, month, day of week."""
    time_zone: TimeZone = "UTC"
    catch_up: Literal["none", "last", "all"] = "last"
    """Which of the fire times that were missed while nothing ran are still emitted."""
    max_catch_up: Annotated[int, Field(ge=1, le=10_000)] = 100
    """How many missed fire times `all` emits at most, the newest ones."""


class Http(_Strict):
    """An event for each accepted `POST` to the source's address."""

    kind: Literal["http"]
    dataset: DatasetName
    description: str = ""


Source = Annotated[ObjectCreated | Schedule | Http, Field(discriminator="kind")]


class Backlog(_Strict):
    """How much may wait for a job before whoever makes this input is held. Sources never are."""

    rows: Annotated[int, Field(ge=1)] | None = 10_000
    """Tasks that wait; null for no limit."""
    units: Annotated[int, Field(ge=1, le=2**62)] | None = None
    """Numbers in the ranges that wait: a coalesced backlog is one row, whatever it covers."""
    bytes: Annotated[int, Field(ge=1, le=2**62)] | None = None
    """Bytes of the payloads that wait."""
    age: PositiveDuration | None = None
    """How long the oldest task has been waiting."""
    reopen: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """The share of the limit at which held jobs go on."""


class Input(_Strict):
    """A dataset whose events make tasks, and how an event maps to partitions of the job.

    At most one of `segments`, `window` and `whole`. Without them an event concerns the same key or
    the same range of the job's output.
    """

    dataset: DatasetName
    segments: Annotated[int, Field(ge=1, le=100)] | None = None
    """Text keys of a `PerPartition` job: the first N `/`-separated segments make the partition."""
    window: Annotated[tuple[Offset, Offset], Strict(strict=False)] | None = None
    """Ranges: the output at n reads the input from n + first to n + second, both included."""
    whole: bool = False
    """Any event concerns the whole output."""
    backlog: Backlog | None = None
    """When the job that makes this dataset is held: by default at 10,000 tasks that wait here."""


def _input_of_name(value: Any) -> Any:
    return {"dataset": value} if isinstance(value, str) else value


def _all_defaults(value: Any) -> Any:
    return {} if value is None else value


class Scaling(_Strict):
    """How much of a job runs at once."""

    mode: Literal["steady", "backfill"] = "steady"
    """`backfill`: many partitions of one big range, carved as capacity allows."""
    max_concurrency: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Tasks of this job that run at once, over all workers; by default as many as there is room."""


class Debounce(_Strict):
    """Wait for a burst to end, so that one task covers it."""

    quiet: PositiveDuration
    """How long nothing may have come before the task starts."""
    max_wait: PositiveDuration
    """How long the first event waits at most."""


class Rate(_Strict):
    """How many tasks start in a time, over all workers."""

    limit: Annotated[int, Field(ge=1, le=1_000_000)]
    """Tasks."""
    per: PositiveDuration = Field(default=timedelta(seconds=1), json_schema_extra={"default": "1s"})
    """The time that `limit` counts in."""
    burst: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Tasks that may start at once after a pause."""


class Fairness(_Strict):
    """Turns among groups of keys, so that none waits for the whole queue of another."""

    segments: Annotated[int, Field(ge=1, le=100)] = 1
    """The first N `/`-separated segments of a key make its group."""


class Retry(_Strict):
    """What happens after a failed attempt."""

    attempts: Annotated[int, Field(ge=1, le=1000)] = 3
    """Attempts before the task goes to the dead letters."""
    backoff: Duration = Field(default=timedelta(seconds=1), json_schema_extra={"default": "1s"})
    """The first wait; it doubles with each attempt, with jitter."""
    max_backoff: Duration = Field(default=timedelta(minutes=5), json_schema_extra={"default": "5m"})
    """The longest wait."""


class Limits(_Strict):
    """What one task may use; only in a `child_process`."""

    memory_mb: Annotated[int, Field(ge=16, le=16_777_216)] | None = None
    """Memory of the process and all it starts, in MiB."""
    cpu: PositiveDuration | None = None
    """CPU time, not wall time: that is `timeout`."""


class Job(_Strict):
    """An operator, the datasets it reads and writes, and how its tasks are cut and run."""

    operator: OperatorName
    """The function that does the work, as `<app>.<function>`."""
    description: str = ""
    inputs: Annotated[
        tuple[
            Annotated[
                Input,
                BeforeValidator(_input_of_name, json_schema_input_type=DatasetName | Input),
            ],
            ...,
        ],
        Strict(strict=False),
        Field(min_length=1),
    ]
    """Datasets by name, or with a mapping."""
    outputs: Annotated[tuple[DatasetName, ...], Strict(strict=False)] = ()
    """The datasets this job makes; nothing else makes them."""
    failures: DatasetName | None = None
    """A dataset that gets an event for each task that goes to the dead letters."""
    execution_strategy: Strategy = "PerUpdate"
    """A task an event, a task a partition, or one task for all available work."""
    update_strategy: Literal["replace", "append"] = "replace"
    """`replace`: an invalidated input is computed again and invalidates the output. `append`: rows
    are only added, told apart by `unique_key`."""
    unique_key: Annotated[tuple[ColumnName, ...], Strict(strict=False)] = ()
    """Columns that tell rows apart; only for `append`."""
    partition_size: Annotated[int, Field(ge=1, le=2**40)] | None = None
    """Numbers in a partition, 10000 by default; only for `PerPartition` over ranges."""
    on_stale_input: Literal["wait", "run"] = "wait"
    """For `replace` with inputs that share an ancestor: `wait` until they agree, so that no output
    mixes old and new; `run` on what there is."""
    max_hold: PositiveDuration | None = None
    """How long to wait for inputs to agree; then it runs on what there is. Null: until they do."""
    cancel_on_invalidate: bool = False
    """Start a running task anew when what it reads is invalidated, rather than after it."""
    memo: bool = False
    """Skip a task whose input versions and code are those of its last success. Only events that
    carry a `version` can be equal."""
    debounce: Debounce | None = None
    """Let a burst of events become one task."""
    rate: Rate | None = None
    """Start no more tasks than this in a time."""
    fairness: Fairness | None = None
    """Let groups of keys take turns."""
    scaling: Scaling = Scaling()
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """A higher number runs first."""
    retry: Retry = Retry()
    timeout: PositiveDuration = Field(
        default=timedelta(minutes=5), json_schema_extra={"default": "5m"}
    )
    """Wall time of one attempt."""
    runtime: Literal["in_process", "child_process", "remote"] = "in_process"
    """`child_process` for hostile or native work: a crash there is a failed attempt. `remote` for
    workers that speak the contract over HTTP; their operators need not be installed here."""
    limits: Limits = Limits()
    params: dict[str, JsonValue] = Field(default_factory=dict)
    """Handed to the operator as they are."""


class DagSpec(_Strict):
    """A data flow: what starts it, what it makes, and what runs in between."""

    dag: Name
    description: str = ""
    datasets: dict[
        DatasetName,
        Annotated[Dataset, BeforeValidator(_all_defaults, json_schema_input_type=Dataset | None)],
    ] = Field(default_factory=dict)
    sources: dict[Name, Source] = Field(default_factory=dict)
    jobs: dict[Name, Job] = Field(default_factory=dict)


def to_json(spec: DagSpec) -> dict[str, Any]:
    """Return the spec with every default written out; `DagSpec.model_validate` reads it back."""
    return spec.model_dump(mode="json", by_alias=True)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a DAG file, for editors and for the reference."""
    schema: dict[str, Any] = _tidy(DagSpec.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def json_schema_text() -> str:
    """Return the JSON Schema as the file that the reference publishes."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any) -> Any:
    """Refuse names outside of the pattern in editors too, and unwrap descriptions."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _tidy(value) for key, value in node.items()}
    if "patternProperties" in node:
        node["additionalProperties"] = False
    if isinstance(node.get("description"), str):
        node["description"] = " ".join(node["description"].split())
    return node
