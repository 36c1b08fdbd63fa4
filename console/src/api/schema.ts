// Written by console/generate.py from the OpenAPI description: do not edit.

/** The event's id; `duplicate` if it was there already. */
export interface AcceptedEvent {
  event_id: number;
  duplicate: boolean;
}

/** What became of each event, in the order of the request. */
export interface AcceptedEvents {
  events: AcceptedEvent[];
}

/** How many tasks an act would be done to now: `matched`, or more than that if not `exact`. `by_job` has the 100 jobs with the most of them, `sample` the five oldest tasks. */
export interface ActPreview {
  matched: number;
  exact: boolean;
  by_job: Record<string, number>;
  sample: Task[];
}

/** What a dry run found, or the operation as which the act goes on and can be cancelled. */
export interface ActResult {
  dry_run: boolean;
  operation: string | null;
  preview: ActPreview | null;
}

/** One run of a task. `worker` is None once its worker has left. It waited since `queued_at`, which is when the task was made or went back to pending (a delay before the retry is part of the wait), and started when a worker leased it. */
export interface Attempt {
  attempt: number;
  outcome: "running" | "succeeded" | "retried" | "lost" | "dead" | "cancelled" | "snoozed" | "skipped";
  queued_at: string;
  started_at: string;
  ended_at: string | null;
  error: Record<string, unknown> | null;
  worker: string | null;
}

/** How an attempt ended and how many seconds it took. */
export interface AttemptMark {
  outcome: "running" | "succeeded" | "retried" | "lost" | "dead" | "cancelled" | "snoozed" | "skipped";
  seconds: number;
}

/** What needs a person, most urgent first; not `complete` if more than is shown does. */
export interface Attention {
  items: AttentionItem[];
  complete: boolean;
}

/** One thing that needs a person. `title` is short. `sentence` says what is wrong, whose fault it is and what to do. `count` is of what the title names, counted up to a limit. `command` shows it or mends it. */
export interface AttentionItem {
  code: "not_routing" | "leases_orphaned" | "no_workers" | "not_started" | "sink_failing" | "dead_letters" | "stale_dataset" | "queue_held" | "job_paused" | "backfill_paused" | "database";
  severity: "critical" | "warning" | "notice";
  title: string;
  sentence: string;
  since: string | null;
  count: number;
  target: AttentionTarget;
  command: string;
}

/** What an item is about: its full name or fingerprint, empty where there is only one. */
export interface AttentionTarget {
  kind: "job" | "dataset" | "dead_letters" | "workers" | "system";
  id: string;
}

/** What `event_id` left for a job: `remaining` of `total` units are not tasks yet. */
export interface Backfill {
  id: number;
  job: string;
  event_id: number;
  total: number;
  remaining: number;
  paused: boolean;
  created_at: string;
  cancelled_at: string | null;
}

/** How the brand looks; without it the layout chooses. */
export interface BrandPart {
  name?: string;
  primary_color?: string | null;
  background_color?: string | null;
  text_color?: string | null;
}

export interface BrandView {
  name?: string;
  primary?: string | null;
  background?: string | null;
  text?: string | null;
}

/** A campaign brief, as it is dropped or submitted. */
export interface BriefDocument {
  campaign_id: string;
  campaign_message: string;
  audience?: string;
  region?: string;
  brand?: BrandPart;
  products: ProductPart[];
}

/** One run with all that is known of its products. `revision`: the manifest's; 0: none yet. */
export interface CampaignDetail {
  run_id: string;
  campaign_id: string;
  brief_key: string;
  message: string;
  output: string | null;
  state: "processing" | "complete" | "partial" | "failed" | "rejected";
  problems: FaultView[];
  error: string;
  created_at: string;
  ended_at: string | null;
  products: number;
  names: string[];
  failed: number;
  images: number;
  images_total: number;
  cost_micros: number;
  audience: string;
  region: string;
  brand: BrandView;
  revision: number;
  uncertain_micros: number;
  saved_micros: number;
  /** What the model of today would charge for another picture. */
  price_of_a_picture_micros: number;
  formats: FormatView[];
  items: ProductView[];
  charges: ChargeView[];
}

/** One run of a brief. `names` are its first three products, `images` its finished variants. `cost_micros` is what was charged, in millionths of a US dollar. */
export interface CampaignSummary {
  run_id: string;
  campaign_id: string;
  brief_key: string;
  message: string;
  output: string | null;
  state: "processing" | "complete" | "partial" | "failed" | "rejected";
  problems: FaultView[];
  error: string;
  created_at: string;
  ended_at: string | null;
  products: number;
  names: string[];
  failed: number;
  images: number;
  images_total: number;
  cost_micros: number;
}

/** What followed from an event, as far as the database knows it. `tasks` were found, `tasks_in_all` adds those that are still expected. `complete` is False where something was left out, which `left_out` says in sentences. Tasks that were merged into others do not count: those that carry them on do. */
export interface Cascade {
  event: TracedEvent;
  summary: string;
  at_rest: boolean;
  last_ended_at: string | null;
  tasks: TaskCounts;
  tasks_in_all: number;
  levels: CascadeLevel[];
  nodes: CascadeNode[];
  complete: boolean;
  left_out: string[];
}

/** One depth: its datasets, how many jobs, their tasks; `units` of them are known. */
export interface CascadeLevel {
  depth: number;
  datasets: string[];
  jobs: number;
  tasks: TaskCounts;
  units: number;
}

/** A job at one depth of the tree; node 0 is the event itself, without a job. `parents` are the nodes whose events it covers, or would. `datasets` are those it makes and the cascade touches. `tasks` were found. `expected` is how many there will be, by the graph, and None where that depends on keys: a job without tasks and with a number is still to come. `units_left` of a backfill and `events_unrouted` are no tasks yet. `emitted` counts events that the tasks emitted, and that were looked at. At rest: nothing of it is left to be done, and nothing can come from above. */
export interface CascadeNode {
  id: number;
  parents: number[];
  depth: number;
  job: string | null;
  paused: boolean;
  datasets: Touched[];
  tasks: TaskCounts;
  expected: number | null;
  units_left: number;
  events_unrouted: number;
  emitted: number;
  last_ended_at: string | null;
  at_rest: boolean;
}

/** A piece of the span, [`low`, `high`), and how many of its units are in each state. A unit counts once, in the first state of this order that fits; `untouched` is the rest. */
export interface Cell {
  low: number;
  high: number;
  running: number;
  waiting: number;
  dead: number;
  stale: number;
  done: number;
  untouched: number;
}

/** The data of an `event: change`. Look at `subject` (an id) again; `data` says the most of it. An `event: reset` has no data but `{}`: some changes were left out, so look at everything again. */
export interface ChangeEvent {
  topic: "operation" | "dead_letter" | "task" | "dag";
  subject: string;
  data: Record<string, unknown>;
  at: string;
}

/** A line of the ledger: what a provider was asked for. */
export interface ChargeView {
  product: number;
  model: string;
  unit: string;
  micros: number;
  currency: string;
  state: "intent" | "charged" | "uncertain" | "void";
  price_as_of: string;
  price_source: string;
  request_id: string | null;
  note: string;
  at: string;
}

/** A wish for tasks: of these jobs, or for these operators, or for all of the session's. */
export interface Claim {
  /** The session's id. */
  session: number;
  /** How many tasks the answer may hold. */
  capacity: number;
  /** By full name: `<dag>.<job>`. */
  jobs?: string[] | null;
  /** Some of the session's operators. */
  operators?: string[] | null;
  /** How long to wait for the first task, at most. */
  wait_ms?: number;
  /** The tokens of all tasks that the worker holds. What is leased to the session besides is given again: an answer was lost on its way. */
  known?: string[] | null;
}

/** A leased task, the worker's to complete until `deadline_at`. */
export interface ClaimedTask {
  task_id: number;
  /** What this task's calls show. */
  token: string;
  attempt: number;
  job: string;
  operator: string;
  /** The id of the job's deployment. */
  deployment: number;
  /** The text key or part number of a `PerPartition` job. */
  partition: string | null;
  /** What it covers, in the coordinates of its output. */
  ranges: number[][];
  /** It covers everything; `ranges` is empty. */
  whole: boolean;
  /** The part of `ranges` that was right once and is not. */
  invalidated: number[][];
  /** The covered events in the order of the log, up to 192 KiB of payload; none for events that are bare ranges. */
  events: InputEvent[];
  /** If there are more events: `after` of the next call for inputs. */
  inputs_after: number | null;
  params: Record<string, unknown>;
  deadline_at: string;
  /** A W3C `traceparent`. */
  trace: string | null;
  outputs: OutputDataset[];
}

/** The ends of attempts; all take effect together. */
export interface Complete {
  results: TaskResult[];
}

/** One answer for each result, in their order. */
export interface Completed {
  results: Settled[];
}

export interface CostLineView {
  product: string;
  kind: "generate" | "reuse" | "cached";
  micros: number;
  saved_micros: number;
}

/** How many letters an act would move, and what a redrive would make of them. Letters of one key become one task, so `tasks` may be fewer. `merged` of the tasks are pending already: the letters' work would join them. */
export interface Counted {
  letters: number;
  events_covered: number;
  tasks: number;
  merged: number;
}

/** The part of one job and fingerprint. A task of letters that failed differently is in each. */
export interface CountedGroup {
  letters: number;
  events_covered: number;
  tasks: number;
  merged: number;
  job: string;
  fingerprint: string;
}

/** The one event that a letter covers. Its `key` and `payload` may be edited. */
export interface CoveredEvent {
  id: number;
  dataset: string;
  key: string | null;
  range: number[] | null;
  payload: unknown;
}

/** A task by what it covers: `evs` is a multirange of ids, `events` how many events. Between the ids of a `bulk` task's events are some of datasets that its job does not read. */
export interface CoveringTask {
  id: number;
  job: string;
  state: "pending" | "running" | "succeeded" | "dead" | "cancelled" | "merged";
  partition: string | null;
  events: number;
  evs: string;
  bulk: boolean;
  job_id: number;
}

/** A deployed DAG: its YAML, and a picture of it as text. */
export interface DagDetail {
  name: string;
  version: number;
  deployed_at: string;
  deployed_by: string;
  source: string;
  text: string;
  jobs: DagJob[];
  datasets: DagPart[];
  sources: DagPart[];
}

/** A job of a DAG; `spec` is all that the file says of it, with every default. */
export interface DagJob {
  name: string;
  operator: string;
  inputs: string[];
  outputs: string[];
  paused: boolean;
  spec: Record<string, unknown>;
}

/** A DAG drawn as one box: how many parts it has, and the sums over its jobs and datasets. */
export interface DagLive {
  dag: string;
  text: string;
  jobs: number;
  datasets: number;
  sources: number;
  waiting: number;
  running: number;
  dead_letters: number;
  paused_jobs: number;
  held_jobs: number;
  stale_datasets: number;
}

/** A dataset or a source of a DAG, as the file has it, with every default. */
export interface DagPart {
  name: string;
  spec: Record<string, unknown>;
}

/** A DAG, and how many of its jobs are paused, held, at work, have work, have open dead letters. `running` are tasks, up to 100 of each job. `sentence` says what `state` is made of. */
export interface DagStanding {
  name: string;
  version: number;
  state: "failing" | "held" | "paused" | "working" | "waiting" | "idle";
  sentence: string;
  jobs: number;
  jobs_paused: number;
  jobs_held: number;
  jobs_running: number;
  jobs_waiting: number;
  jobs_failing: number;
  running: number;
}

/** A deployed DAG and the names of its parts. */
export interface DagSummary {
  name: string;
  version: number;
  jobs: string[];
  datasets: string[];
  sources: string[];
  deployed_at: string;
  deployed_by: string;
}

/** A version that was deployed, and by whom. */
export interface DagVersion {
  version: number;
  current: boolean;
  deployed_at: string;
  deployed_by: string;
}

/** The text of a version. */
export interface DagVersionDetail {
  dag: string;
  version: number;
  source: string;
}

export interface DatabaseStatus {
  kind: "embedded" | "external";
  version: string;
}

/** A dataset of the org: what it holds, who makes it, who reads it, how fresh it is. `stale_since` is null if it is fresh. `stale_units` counts the numbers in its stale ranges, null if all of it is stale; `stale_keys` its stale text keys, up to 1,000. `producer_state` is of the job that makes it, `producer_dead` its open dead letters, up to 1,000. `consumers` are the first 100. `note` says in a sentence what is not as it should be, and whether somebody mends it; empty if all is well. */
export interface Dataset {
  name: string;
  dag: string;
  description: string;
  partitioning: "key" | "range";
  unit: string | null;
  storage: "postgres" | "s3";
  write_mode: "direct" | "buffered";
  location: string | null;
  columns: Record<string, string>;
  pii_columns: string[];
  producer: string | null;
  producer_kind: "job" | "source" | null;
  producer_state: "paused" | "held" | "running" | "waiting" | "failing" | "idle" | "removed" | null;
  producer_dead: number;
  consumers: string[];
  consumer_count: number;
  last_event_at: string | null;
  stale_since: string | null;
  stale_units: number | null;
  stale_keys: number;
  sink: Sink | null;
  note: string;
  created_at: string;
  updated_at: string;
}

/** A dataset with what of it is stale, and the newest 10 events and invalidations of it. */
export interface DatasetDetail {
  name: string;
  dag: string;
  description: string;
  partitioning: "key" | "range";
  unit: string | null;
  storage: "postgres" | "s3";
  write_mode: "direct" | "buffered";
  location: string | null;
  columns: Record<string, string>;
  pii_columns: string[];
  producer: string | null;
  producer_kind: "job" | "source" | null;
  producer_state: "paused" | "held" | "running" | "waiting" | "failing" | "idle" | "removed" | null;
  producer_dead: number;
  consumers: string[];
  consumer_count: number;
  last_event_at: string | null;
  stale_since: string | null;
  stale_units: number | null;
  stale_keys: number;
  sink: Sink | null;
  note: string;
  created_at: string;
  updated_at: string;
  stale: StaleParts;
  events: EventView[];
  invalidations: EventView[];
}

/** How many events came into a dataset, oldest bin first; empty bins are among them. Only the newest 20,000 events are counted: if that is not all since `since`, it is not `complete`, and the counts begin at `counted_since`. */
export interface DatasetHistory {
  dataset: string;
  since: string;
  until: string;
  step_seconds: number;
  bins: HistoryBin[];
  complete: boolean;
  counted_since: string | null;
}

/** A dataset that becomes stale, and where: in half-open `ranges`, at a `key`, or (neither) all. `below`: at all keys that begin with the segments of `key`. */
export interface DatasetImpact {
  dataset: string;
  where: string;
  ranges: number[][] | null;
  key: string | null;
  below: boolean;
}

/** The nodes by layer and name, and the edges between them. A dataset that is reached up and down, or over ways of different lengths, is at the nearest layer. `complete` is False where more nodes follow than were asked for or are shown. */
export interface DatasetLineage {
  dataset: string;
  nodes: LineageNode[];
  edges: LineageEdge[];
  complete: boolean;
}

/** A dataset now: since when some of it is behind what it is made from, and its newest event. */
export interface DatasetLive {
  dataset: string;
  stale: boolean;
  text: string;
  stale_since: string | null;
  last_event_at: string | null;
}

/** Why a dataset is as fresh as it is: itself first in `chain`, then what is stale upstream. `caused_by` are the newest events that made it stale, newest first. `complete` is False where the chain was cut off. */
export interface DatasetWhy {
  dataset: string;
  where: string;
  fresh: boolean;
  since: string | null;
  summary: string;
  caused_by: StaleCause[];
  chain: Freshness[];
  complete: boolean;
}

/** A task that was given up, with all that it covered. Those with one `fingerprint` failed in the same way: same job, same error but for its numbers. `event_id` is the edited event that took its place. It is forgotten soon after `expires_at`. */
export interface DeadLetter {
  id: number;
  task_id: number;
  job: string;
  state: "open" | "redriven" | "replayed" | "discarded" | "superseded";
  partition: string | null;
  ranges: number[][];
  events_covered: number;
  attempts: number;
  error: Record<string, unknown>;
  fingerprint: string;
  created_at: string;
  died_at: string;
  resolved_at: string | null;
  event_id: number | null;
  expires_at: string;
}

/** A dead letter; `event` is the one that it covers, if that is exactly one and still kept. */
export interface DeadLetterDetail {
  id: number;
  task_id: number;
  job: string;
  state: "open" | "redriven" | "replayed" | "discarded" | "superseded";
  partition: string | null;
  ranges: number[][];
  events_covered: number;
  attempts: number;
  error: Record<string, unknown>;
  fingerprint: string;
  created_at: string;
  died_at: string;
  resolved_at: string | null;
  event_id: number | null;
  expires_at: string;
  event: CoveredEvent | null;
}

export interface DeployRequest {
  source: string;
  file?: string;
  /** Refuse unless this one runs now; 0: none. */
  expect_version?: number | null;
}

/** The version that runs now; `changed` is false if it had been running already. */
export interface DeployResult {
  dag: string;
  version: number;
  changed: boolean;
  plan: PlanView;
}

/** What is to be otherwise in the event of a dead letter: its `key`, its `payload`, or both. A payload that is not given stays; null takes it away. */
export interface EditedEvent {
  key?: string | null;
  payload?: unknown;
}

/** Events of a task that still runs. */
export interface EmitEvents {
  token: string;
  events: TaskEvent[];
  /** How many mid-task events this attempt emitted before these: 0, then `next` of the answer before. Makes the keys of events without an `idem_key`, so that neither a call that is sent again nor a later attempt that emits in the same order makes them twice. */
  first?: number | null;
  /** The task's `trace`, for the events that it emits. */
  trace?: string | null;
}

/** A task that ended of late. `seconds` is how long its last attempt took, None without one. */
export interface EndedTask {
  id: number;
  job: string;
  outcome: "succeeded" | "dead" | "cancelled";
  partition: string | null;
  ended_at: string;
  seconds: number | null;
  error: string | null;
}

/** One event: where it came from, its payload, and the tasks that it went to. `source` emitted it, or `producer_task` of `producer_job`; with neither a person or a program did. `edited`: a replay, for one job only. `payload` is the first 65,536 characters, null if there is none. `tasks` are the first 100 that were found. */
export interface EventDetail {
  id: number;
  dataset: string;
  kind: "update" | "invalidate";
  key: string | null;
  range: number[] | null;
  at: string;
  version: string | null;
  producer_task: number | null;
  producer_job: string | null;
  source: string | null;
  edited: boolean;
  trace_id: string | null;
  routed: boolean;
  payload: Payload | null;
  tasks: CoveringTask[];
  more_tasks: boolean;
}

/** A page of events; it is not `complete` when the look ended before it found enough of them. Then it may be empty, and `next_cursor` goes on. */
export interface EventPage {
  items: EventView[];
  next_cursor: string | null;
  complete: boolean;
}

/** An event that a task covers; its payload takes `payload_bytes` where it is stored. */
export interface EventSummary {
  id: number;
  dataset: string;
  kind: "update" | "invalidate";
  key: string | null;
  range: number[] | null;
  at: string;
  trace_id: string | null;
  payload_bytes: number;
}

/** One line of the event log. `producer_task` is the task that emitted it, if one did. A payload of more than 8 KiB is left out (`payload_omitted`); `payload_bytes` is what it takes where it is stored. */
export interface EventView {
  id: number;
  dataset: string;
  kind: "update" | "invalidate";
  key: string | null;
  range: number[] | null;
  payload: unknown;
  payload_bytes: number;
  payload_omitted: boolean;
  at: string;
  version: string | null;
  producer_task: number | null;
  trace_id: string | null;
}

/** What became of an event. `waits`: why it, or part of it, is not tasks yet. `tasks`: those found that cover it. `not_for`: jobs that read its dataset and got nothing of it, and why. */
export interface EventWhy {
  event: TracedEvent;
  routed: boolean;
  summary: string;
  waits: Reason[];
  tasks: CoveringTask[];
  not_for: Reason[];
}

/** How many events are new, and `first` of the next call. */
export interface EventsEmitted {
  emitted: number;
  next: number;
}

/** One fault of a brief: where in it, a stable code, and why. */
export interface FaultView {
  pointer: string;
  code: string;
  message: string;
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** The series of one job, or of all jobs of the org (null), oldest point first. Points come every `step_seconds`; the first one is not before the first sample of the org, and the last one ends some seconds before `until`, when all of it was sampled. */
export interface Flow {
  job: string | null;
  since: string;
  until: string;
  step_seconds: number;
  points: FlowPoint[];
}

/** One step of a series, from `at` on. `succeeded`, `failed` (attempts that are tried again) and `dead` are per second. `waiting` and `running` are the most tasks that a sample of the step found. `held` is the share (0 to 1) of the jobs with work that backpressure held. */
export interface FlowPoint {
  at: string;
  succeeded: number;
  failed: number;
  dead: number;
  waiting: number;
  running: number;
  held: number;
}

/** An ad format in pixels. `safe` is what no platform covers: left, top, width, height. */
export interface FormatView {
  preset: string;
  width: number;
  height: number;
  safe: number[];
  source: string;
  checked: string;
}

/** One dataset on the way up from the one that was asked about, at `depth` 0. `where` is the part that matters. `stale_ranges`, `stale_keys` are the first of what is stale there; `stale_whole`: all of it is. `under_way` mends it; `blocked_by` keeps that from going on. A dataset that is stale although its own producer has nothing in the way waits for the ones that follow it, one deeper. */
export interface Freshness {
  dataset: string;
  depth: number;
  where: string;
  fresh: boolean;
  since: string | null;
  stale_ranges: number[][];
  stale_keys: string[];
  stale_whole: boolean;
  producer: string | null;
  under_way: Reason[];
  blocked_by: Reason[];
}

/** Where everything is and what it does now; lengths are pixels. `version` is that of the DAG, null for the graph of all. `collapsed`: the DAGs that are drawn as one box each, because there is too much to draw. `text` says the same in a sentence. */
export interface Graph {
  dag: string | null;
  version: number | null;
  width: number;
  height: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  collapsed: string[];
  text: string;
}

/** A line from the right side of one box to the left side of another, over its bends. */
export interface GraphEdge {
  from_id: string;
  to_id: string;
  kind: "input" | "shifted" | "whole" | "output" | "failures";
  text: string;
  points: number[][];
}

/** A box, in pixels from the top left corner of the graph; `layer` is its column. `id` is the kind and the full name, as `job:chain.decode`. What it is now is in `job`, `dataset` or `group`, whichever it is; a source has none of them. */
export interface GraphNode {
  id: string;
  kind: "source" | "dataset" | "job" | "dag";
  label: string;
  dag: string;
  layer: number;
  x: number;
  y: number;
  width: number;
  height: number;
  job: JobLive | null;
  dataset: DatasetLive | null;
  group: DagLive | null;
}

/** Only what a DAG's jobs and datasets are now, by name. */
export interface GraphStatus {
  jobs: JobLive[];
  datasets: DatasetLive[];
}

/** `unavailable` means that requests fail or that nothing is dispatched; `problems` say why. `warnings` are of what will hurt later: days that cannot be dropped, vacuum held back. */
export interface Health {
  status: "ok" | "unavailable";
  database: "ok" | "away";
  problems: string[];
  warnings?: string[];
}

/** A sign of life: keeps all leases of the session. */
export interface Heartbeat {
  /** The session's id. */
  session: number;
  progress?: TaskProgress[];
}

/** A time in which backpressure held a job, to the ten seconds of a sample. `reason` is `backpressure:<dataset>` or `backpressure:runtime:<name>`; `until` is null while it lasts. */
export interface HeldSpan {
  reason: string;
  since: string;
  until: string | null;
}

/** An hour or a day of a dataset's events, from `at` on. `units` are the numbers in the ranges of its events, `payload_bytes` what their payloads take where they are stored. */
export interface HistoryBin {
  at: string;
  updates: number;
  invalidations: number;
  units: number;
  payload_bytes: number;
}

/** What an invalidation of `dataset` would touch. `tasks` and `seconds` add up what is known; `tasks_known`, `seconds_known` say whether that is all of it. `complete` is False where there was more than is looked at. */
export interface Impact {
  dataset: string;
  where: string;
  datasets: DatasetImpact[];
  jobs: JobImpact[];
  tasks: number;
  tasks_known: boolean;
  seconds: number;
  seconds_known: boolean;
  summary: string;
  complete: boolean;
}

/** An event that a task covers. */
export interface InputEvent {
  id: number;
  dataset: string;
  kind: "invalidate" | "update";
  key: string | null;
  range: number[] | null;
  payload: unknown;
  at: string;
  /** Equal versions are equal data. */
  version: string | null;
}

/** The next events, up to 192 KiB of payload, and whether there are more. */
export interface InputPage {
  events: InputEvent[];
  inputs_after: number | null;
}

/** What an invalidation did: the event that it emitted, and what that touches. */
export interface Invalidated {
  event_id: number;
  impact: Impact;
}

/** One job: what the DAG says of it, what it does now, and how it did of late. `timing` is of its last 1,000 attempts at most, `series` of the same in at most 50 parts of equal size, oldest first. `text` says in a sentence what it does now, `holds` why it starts nothing. */
export interface JobDetail {
  job: string;
  dag: string;
  version: number;
  state: "paused" | "held" | "running" | "waiting" | "idle";
  text: string;
  paused: boolean;
  held: boolean;
  waiting: number;
  running: number;
  dead_letters: number;
  partitioning: "key" | "range" | "event" | "all";
  spec: JobSpec;
  timing: Timing;
  series: Timing[];
  recent_tasks: Task[];
  backfills: Backfill[];
  holds: Reason[];
}

/** A job that runs again. `tasks` is None where it depends on keys that nobody has counted. `replaces`: what it made is made anew; else it adds to what is there, and the invalidation ends at it. `level` counts the jobs from the invalidated dataset, 1 the first. `seconds_each` is the median of late, None if it has not run; `seconds` is for all, at the slots that there are. */
export interface JobImpact {
  job: string;
  replaces: boolean;
  level: number;
  where: string;
  tasks: number | null;
  seconds_each: number | null;
  seconds: number | null;
  paused: boolean;
}

/** How many tasks of a job a worker runs. */
export interface JobInHand {
  job: string;
  running: number;
}

/** A dataset that the job reads, and how. The output at n is made from the input at n + `first` to n + `last`, both included. Of a text key the first `segments` parts name the partition, all if null. `whole`: any part of the input concerns all of the output. `max_rows` to `max_age_seconds` are the backlog at which whoever makes the dataset is held; it goes on at the share `reopen` of that. */
export interface JobInput {
  dataset: string;
  partitioning: "key" | "range";
  first: number;
  last: number;
  segments: number | null;
  whole: boolean;
  max_rows: number | null;
  max_units: number | null;
  max_bytes: number | null;
  max_age_seconds: number | null;
  reopen: number;
}

/** A job now. Tasks and dead letters are counted up to 10,000; `waiting` are not started yet. `last_outcome` is of the newest attempt that ended, at `last_at`; both are null where there is none, and for jobs of DAGs that are drawn as one box. */
export interface JobLive {
  job: string;
  state: "paused" | "held" | "running" | "waiting" | "idle";
  text: string;
  waiting: number;
  running: number;
  dead_letters: number;
  paused: boolean;
  held: boolean;
  last_outcome: "running" | "succeeded" | "retried" | "lost" | "dead" | "cancelled" | "snoozed" | "skipped" | null;
  last_at: string | null;
}

/** A schedule whose events the job reads; `next_at` is null until it was looked at. */
export interface JobSchedule {
  source: string;
  dataset: string;
  cron: string;
  time_zone: string;
  enabled: boolean;
  next_at: string | null;
}

/** All that the deployed DAG says of a job, with every default. `partition_size` counts for ranges only. `rate_per_second` and `rate_burst` bound how many tasks start. `fair_segments`: groups of keys take turns. `waits_for_inputs`: inputs that share an ancestor must agree, for `max_hold_seconds` at most. `limits` has `memory_mb` and `cpu_seconds`. */
export interface JobSpec {
  description: string;
  operator: string;
  strategy: "PerUpdate" | "PerPartition" | "Bulk";
  update_strategy: "replace" | "append";
  unique_key: string[];
  partition_size: number;
  inputs: JobInput[];
  outputs: string[];
  failures: string | null;
  runtime: string;
  limits: Record<string, number>;
  params: Record<string, unknown>;
  priority: number;
  scaling_mode: "steady" | "backfill";
  max_concurrency: number | null;
  timeout_seconds: number;
  max_attempts: number;
  backoff_seconds: number;
  max_backoff_seconds: number;
  rate_per_second: number | null;
  rate_burst: number;
  debounce_quiet_seconds: number | null;
  debounce_max_wait_seconds: number | null;
  fair_segments: number | null;
  waits_for_inputs: boolean;
  max_hold_seconds: number | null;
  cancel_on_invalidate: boolean;
  memo: boolean;
  schedules: JobSchedule[];
}

/** A job by its full name, and whether somebody paused it. */
export interface JobState {
  job: string;
  paused: boolean;
}

/** How much of a job waits and runs. `waiting` tasks are delayed, `pending` ones are not. */
export interface JobStatus {
  job: string;
  paused: boolean;
  pending: number;
  waiting: number;
  running: number;
  dead: number;
  oldest_pending_at: string | null;
}

/** A job in a list. Tasks and dead letters are counted up to 10,000. `recent` are its last 30 attempts, newest last; `p50_seconds`, `p95_seconds` are of those of its last 100 that succeeded, null if there are none. */
export interface JobSummary {
  job: string;
  dag: string;
  operator: string;
  strategy: "PerUpdate" | "PerPartition" | "Bulk";
  state: "paused" | "held" | "running" | "waiting" | "idle";
  paused: boolean;
  held: boolean;
  waiting: number;
  running: number;
  dead_letters: number;
  recent: AttemptMark[];
  p50_seconds: number | null;
  p95_seconds: number | null;
}

/** The newest state of one key, by its task `task_id`, at `since`. */
export interface KeyState {
  key: string;
  state: "running" | "waiting" | "dead" | "stale" | "done" | "cancelled";
  task_id: number;
  since: string;
}

/** Whom a task was folded into, one after the other, and the newest that were folded into it. `came_from` is what a look at the 1,000 newest tasks that were folded before this one finds. */
export interface Kinship {
  carried_on_by: number[];
  came_from: number[];
}

/** The figures of the org now. `waiting` tasks are counted up to 10,000, delayed ones among them. `succeeded_last_hour` and `dead_last_hour` are as the samples have them, some ten seconds late. `workers` have a fresh heartbeat, `slots` is how many tasks they run at once, for all orgs. `routing_lag_seconds` is how long the oldest event has waited to become tasks. */
export interface Kpis {
  running: number;
  waiting: number;
  succeeded_last_hour: number;
  dead_last_hour: number;
  workers: number;
  slots: number;
  datasets: number;
  datasets_stale: number;
  routing_lag_seconds: number;
}

/** Which dead letters: those of `ids`, or `all`, or those to which the other fields apply. The others may be combined: a job, a way to fail, and a time of death from `died_after` on and before `died_before`. A `dry_run` counts, and changes nothing. */
export interface LetterChoice {
  ids?: number[] | null;
  job?: string | null;
  fingerprint?: string | null;
  died_after?: string | null;
  died_before?: string | null;
  all?: boolean;
  dry_run?: boolean;
}

/** Dead letters of one job that failed in the same way; `error` is the newest one's. */
export interface LetterGroup {
  job: string;
  fingerprint: string;
  letters: number;
  events_covered: number;
  first_died_at: string;
  last_died_at: string;
  newest: number;
  error: Record<string, unknown>;
}

/** Tasks up and down from one, by hop; `reads` link the events of some to others. `complete` is False where a hop had more tasks or events than are looked at, or more hops follow than were asked for. */
export interface Lineage {
  task_id: number;
  tasks: LineageTask[];
  reads: Read[];
  complete: boolean;
}

/** That data goes from one node to another, by their ids. */
export interface LineageEdge {
  source: string;
  target: string;
}

/** A dataset, job or source. `layer` 0 is the dataset asked about; up is negative. Datasets have even layers, jobs and sources odd ones between them. `state` is `fresh` or `stale` of a dataset, `source` of a source, and how a job stands; `since`: the dataset is stale, the job held. `running`, `waiting` and `dead` are of jobs, counted up to 1,000. */
export interface LineageNode {
  id: string;
  kind: "dataset" | "job" | "source";
  name: string;
  dag: string;
  layer: number;
  state: "paused" | "held" | "running" | "waiting" | "failing" | "idle" | "removed" | "fresh" | "stale" | "source";
  since: string | null;
  running: number;
  waiting: number;
  dead: number;
}

/** A task `hop` steps below (above: negative) the one that was asked about, which is at 0. `inputs` are the first events that it covers, `outputs` the first that it emitted; the counts say how many events it covers in all, and whether it emitted more. */
export interface LineageTask {
  id: number;
  job: string;
  state: "pending" | "running" | "succeeded" | "dead" | "cancelled" | "merged";
  partition: string | null;
  hop: number;
  inputs: TracedEvent[];
  inputs_in_all: number;
  outputs: TracedEvent[];
  more_outputs: boolean;
}

/** One line that an operator wrote. */
export interface LogLine {
  at: string;
  attempt: number;
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

/** An event: a text `key` or a half-open `range`, as the source's dataset is partitioned. */
export interface NewEvent {
  key?: string | null;
  /** The first, and one past the last. */
  range?: number[] | null;
  /** Any JSON of at most 192 KiB. */
  payload?: unknown;
  /** The same one again makes no second event. */
  idempotency_key?: string | null;
}

/** Many events of one source. */
export interface NewEvents {
  events: NewEvent[];
}

export interface ObjectStoreStatus {
  kind: "local" | "s3";
  location: string;
}

/** A worker that begins: its name for people, what it can run, how many tasks at once. */
export interface OpenSession {
  worker: string;
  operators: string[];
  capacity?: number;
}

/** Something that was asked for: how far it is, what came out, whether it can be cancelled. */
export interface Operation {
  id: string;
  kind: string;
  actor: string;
  subject: string;
  state: "running" | "succeeded" | "failed" | "cancelled";
  done: number;
  total: number;
  message: string;
  result: Record<string, unknown> | null;
  problems: (Record<string, unknown>)[];
  cancel_requested: boolean;
  created_at: string;
  updated_at: string;
  cancellable: boolean;
}

/** What the worker is to do. The lists hold tokens of tasks to stop. */
export interface Orders {
  /** Somebody cancelled these: complete them with `cancel`. */
  cancel: string[];
  /** Their input changed: complete them with `snooze`. */
  restart: string[];
  /** Of those in `progress`: others have them. Drop them. */
  lost: string[];
  /** Claim no more: finish, end this session, and open another if you go on. */
  drain: boolean;
}

/** A dataset to which the task may emit: by text `key`, or by `range`. */
export interface OutputDataset {
  dataset: string;
  partitioning: "key" | "range";
}

/** An event that a task emitted, and the tasks it went to; None where nobody looked. */
export interface OutputEvent {
  id: number;
  dataset: string;
  kind: "update" | "invalidate";
  key: string | null;
  range: number[] | null;
  at: string;
  tasks: number[] | null;
}

/** How all is. `ended` are the last 10 tasks that ended, `operations` the newest 5. */
export interface Overview {
  attention: Attention;
  kpis: Kpis;
  dags: DagStanding[];
  ended: EndedTask[];
  operations: Operation[];
}

export interface Page_Backfill {
  items: Backfill[];
  next_cursor: string | null;
}

export interface Page_CampaignSummary {
  items: CampaignSummary[];
  next_cursor: string | null;
}

export interface Page_DagSummary {
  items: DagSummary[];
  next_cursor: string | null;
}

export interface Page_Dataset {
  items: Dataset[];
  next_cursor: string | null;
}

export interface Page_DeadLetter {
  items: DeadLetter[];
  next_cursor: string | null;
}

export interface Page_JobSummary {
  items: JobSummary[];
  next_cursor: string | null;
}

export interface Page_LetterGroup {
  items: LetterGroup[];
  next_cursor: string | null;
}

export interface Page_LogLine {
  items: LogLine[];
  next_cursor: string | null;
}

export interface Page_Operation {
  items: Operation[];
  next_cursor: string | null;
}

export interface Page_Queue {
  items: Queue[];
  next_cursor: string | null;
}

export interface Page_StoredObject {
  items: StoredObject[];
  next_cursor: string | null;
}

export interface Page_WorkerLoad {
  items: WorkerLoad[];
  next_cursor: string | null;
}

/** A part of a dataset: a text `key` or a half-open `range`, as it is partitioned. */
export interface Part {
  key?: string | null;
  /** The first, and one past the last. */
  range?: number[] | null;
}

/** Where a job has been, in its own partitions. Of ranges (`partitioning` range): `cells` of `width` units each, the last one may be shorter, over [`low`, `high`), which is widened to whole partitions. Of text keys: a page of `keys` by name. Otherwise neither, and `text` says why. `unit` is what a range counts. `complete` is false where only the newest attempts, or some of what waits, were looked at: what is untouched may be done then. */
export interface Partitions {
  job: string;
  partitioning: "key" | "range" | "event" | "all";
  unit: string | null;
  low: number | null;
  high: number | null;
  width: number | null;
  cells: Cell[];
  keys: KeyState[];
  next_cursor: string | null;
  complete: boolean;
  text: string;
}

/** An event's payload as JSON text of `bytes` bytes; `truncated`: only its beginning. */
export interface Payload {
  event_id: number;
  text: string;
  bytes: number;
  truncated: boolean;
}

/** The picture that a product's variants are made of; what a model did not say is null. */
export interface PictureView {
  key: string;
  version: string | null;
  source: "existing" | "generated" | "draft" | null;
  reused: boolean;
  model: string | null;
  prompt: string | null;
  seed: number | null;
  take: number;
  width: number | null;
  height: number | null;
}

/** A DAG file: its YAML, and the name by which faults are told. */
export interface PlanRequest {
  source: string;
  file?: string;
}

/** What a deploy changes, from version `before` on (0: not deployed yet). */
export interface PlanView {
  dag: string;
  before: number;
  changes: PlannedChange[];
  warnings: string[];
  /** It cannot be deployed: the changes say why. */
  blocked: boolean;
  /** The plan as people read it. */
  text: string;
}

/** One line of a plan; `error` says why it cannot be done, `warning` what is lost by it. */
export interface PlannedChange {
  kind: "add" | "change" | "remove";
  what: "dag" | "dataset" | "source" | "job";
  name: string;
  fields: FieldChange[];
  warning: string | null;
  error: string | null;
}

/** What a brief would make and cost now. Money in millionths of the currency. `missing` are the pictures that the brief names and that are not there yet. */
export interface Prediction {
  model: string;
  lines: CostLineView[];
  total_micros: number;
  total: string;
  saved_by_reuse_micros: number;
  currency: string;
  priced_as_of: string;
  warnings: string[];
  missing: FaultView[];
  formats: FormatView[];
}

/** What an act would move, in all and by the newest groups of it. */
export interface Preview {
  total: Counted;
  groups: CountedGroup[];
}

/** Why a request was not done. */
export interface Problem {
  /** A URN that names the kind of problem, made from `code`. */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The path that was asked for. */
  instance: string;
  /** Stable and machine-readable. */
  code: string;
  /** Whose fault it is. */
  fault: "input" | "state" | "provider" | "headgate";
  /** Whether the same request may succeed later. */
  retry: boolean;
  /** What to do about it. */
  hint: string;
  /** Every fault of the input, not just the first. */
  errors: ProblemItem[];
}

/** One fault of an input. */
export interface ProblemItem {
  /** Where: a JSON pointer, `?name` for a query parameter, or a place. */
  pointer: string;
  code: string;
  message: string;
}

/** The part to run again: a text `key`, or a half-open `range` of the job's own partitions. */
export interface ProcessRequest {
  key?: string | null;
  /** The first, and one past the last. */
  range?: number[] | null;
  /** Only tell how many tasks that is. */
  dry_run?: boolean;
}

/** What a job was told to run again, or (`dry_run`) would be. The event `event_id` of `dataset` goes to this job only. `range` is what of the job's partitions it covers, at least what was asked for; `key` its text key. `payload_of`: the event whose payload it has. `tasks` is how many tasks that is. Many tasks come from the backfill `backfill`, bit by bit; it is null while the event is not routed. */
export interface Processed {
  job: string;
  dry_run: boolean;
  event_id: number | null;
  dataset: string;
  key: string | null;
  range: number[] | null;
  payload_of: number | null;
  tasks: number;
  by_backfill: boolean;
  backfill: number | null;
  text: string;
}

/** Why a product failed. `dead_letter`: what to redrive; null when its task was cancelled. */
export interface ProductFailure {
  job: string;
  code: string;
  message: string;
  hint: string;
  dead_letter: number | null;
}

/** One product. */
export interface ProductPart {
  name: string;
  description?: string;
  existing_assets?: string | null;
}

/** One product of a run. `picture_event` and `compose_event` are what to invalidate to have its picture or its variants made again; `picture_task` and `compose_task` made what there is. */
export interface ProductView {
  idx: number;
  name: string;
  description: string;
  state: "waiting" | "imaged" | "done" | "failed";
  asset_key: string | null;
  picture: PictureView | null;
  variants: VariantView[];
  warnings: string[];
  failure: ProductFailure | null;
  steps: StepView[];
  picture_event: string | null;
  picture_task: number | null;
  compose_event: string | null;
  compose_task: number | null;
  cost_micros: number;
  saved_micros: number;
}

/** What waits for a job and what runs of it, in tasks. `delayed` ones are among the `waiting` and start later. A number over 1,000 is that of the last sample, not older than a minute; not `exact`. `rate` is how many may start per second, `done_per_second` how many ended lately, while there was work; `drained_in_seconds` is what that makes for what waits, null when nothing can be said. `holds` says why nothing starts. */
export interface Queue {
  job: string;
  dag: string;
  state: "paused" | "held" | "busy" | "idle";
  waiting: number;
  delayed: number;
  exact: boolean;
  running: number;
  oldest_seconds: number | null;
  max_concurrency: number | null;
  rate: number | null;
  priority: number;
  runtime: string;
  paused: boolean;
  holds: Reason[];
  pressure: QueuePressure | null;
  done_per_second: number | null;
  drained_in_seconds: number | null;
}

/** A queue with its last hours, and the workers that run its tasks now or lately did. What a worker could run but never ran is known to itself only. */
export interface QueueDetail {
  job: string;
  dag: string;
  state: "paused" | "held" | "busy" | "idle";
  waiting: number;
  delayed: number;
  exact: boolean;
  running: number;
  oldest_seconds: number | null;
  max_concurrency: number | null;
  rate: number | null;
  priority: number;
  runtime: string;
  paused: boolean;
  holds: Reason[];
  pressure: QueuePressure | null;
  done_per_second: number | null;
  drained_in_seconds: number | null;
  flow: Flow;
  held: HeldSpan[];
  workers: WorkerLoad[];
}

/** How full a job's fullest input is, `measured` against its limit. `share` is from 0 to 1. At `high` whoever makes `dataset` is held (`closed`), until it has drained to `low`. The three are tasks, numbers in ranges, bytes or (age) milliseconds, as `cause` says. */
export interface QueuePressure {
  dataset: string;
  share: number;
  cause: "rows" | "units" | "bytes" | "age";
  measured: number;
  high: number;
  low: number;
  closed: boolean;
}

/** That a task covers an event that another task emitted. */
export interface Read {
  event_id: number;
  task_id: number;
}

/** A wish for the events of a task that follow one. */
export interface ReadInputs {
  token: string;
  /** `inputs_after` of the task, or of the answer before; 0: from the first. */
  after?: number;
}

/** One fact that explains something. `code` is stable, `text` and `do` are for people. `since` when it holds, `until` when it is known to end. `do` is what to do about it, empty where there is nothing to do. `about` is what it waits for or comes from. */
export interface Reason {
  code: string;
  text: string;
  do?: string;
  since?: string | null;
  until?: string | null;
  about?: Subject[];
}

/** Which dead letters to put back to work, and at most how many of them a second. */
export interface RedriveRequest {
  ids?: number[] | null;
  job?: string | null;
  fingerprint?: string | null;
  died_after?: string | null;
  died_before?: string | null;
  all?: boolean;
  dry_run?: boolean;
  rate?: number | null;
}

/** How many dead letters were found, and how many went back to work. Many of them, or those with a rate, go back by and by: as `operation`, which can be cancelled. `preview` is what a dry run found. */
export interface RedriveResult {
  matched: number;
  redriven: number;
  dry_run: boolean;
  operation: string | null;
  preview: Preview | null;
}

/** A dead letter that went back to work as (a part of) this task. */
export interface RedrivenLetter {
  dead_letter: DeadLetter;
  task_id: number;
}

/** A dead letter whose place this event took. */
export interface ReplayedLetter {
  dead_letter: DeadLetter;
  event_id: number;
}

/** Which version's text is to run again; as a new version, so that nothing is forgotten. */
export interface RollbackRequest {
  version: number;
  /** Refuse unless this one runs now. */
  expect_version?: number | null;
}

/** What of a product is to be made again. `presets`: only these variants. */
export interface RunAgain {
  step: "picture" | "compose";
  presets?: string[] | null;
}

/** How many dead letters were found, and how many changed their state. */
export interface SettleResult {
  matched: number;
  changed: number;
  dry_run: boolean;
  preview: Preview | null;
}

/** What became of one result. `ok`: it counts, this time or when it was sent before. `stale`: it changed nothing, because the lease was lost or had ended otherwise; `became` says how, while the history knows it. */
export interface Settled {
  token: string;
  status: "ok" | "stale";
  became: "cancelled" | "dead" | "lost" | "ok" | "retry" | "skipped" | "snoozed" | null;
}

/** What the URL is to allow, and for how long (at most a week). */
export interface SignRequest {
  key: string;
  method?: "GET" | "PUT";
  lifetime_seconds?: number;
}

export interface SignedUrl {
  url: string;
  expires_at: string;
}

/** The job that writes a buffered dataset's rows into its table. `lag_seconds` is the age of the oldest rows that are not in the table yet, 0 if all are. */
export interface Sink {
  job: string;
  state: "paused" | "held" | "running" | "waiting" | "failing" | "idle" | "removed";
  lag_seconds: number;
  waiting: number;
  dead: number;
}

/** A span that has ended. Ids are in hex, as in a `traceparent`. */
export interface SpanView {
  trace_id: string;
  span_id: string;
  parent_id: string | null;
  name: string;
  started_at: string;
  seconds: number;
  failed: boolean;
  attributes: Record<string, unknown>;
}

/** An event upstream that made a place stale. */
export interface StaleCause {
  id: number;
  dataset: string;
  kind: "update" | "invalidate";
  key: string | null;
  range: number[] | null;
  at: string;
  producer_task: number | null;
}

/** The first of what is stale, the longest stale first; `whole`: all of it is. Ranges are half-open. `more`: there are others. */
export interface StaleParts {
  ranges: number[][];
  keys: string[];
  whole: boolean;
  more: boolean;
}

/** How many tasks are in a state; at least so many if not `exact`. */
export interface StateCount {
  state: "pending" | "waiting" | "running" | "succeeded" | "dead" | "cancelled" | "merged" | "replayed";
  tasks: number;
  exact: boolean;
}

/** What runs here, and how it is. */
export interface Status {
  version: string;
  started_at: string;
  now: string;
  home: string;
  url: string;
  database: DatabaseStatus;
  object_store: ObjectStoreStatus;
  workers: Worker[];
  jobs: JobStatus[];
  dead_letters: number;
  routing_lag_seconds: number;
}

/** A task that is at work for a product, or waits to be; it may serve other products too. */
export interface StepView {
  step: "picture" | "compose";
  task_id: number;
  attempt: number;
  running: boolean;
  at: string;
}

/** One object. `etag` changes with its bytes, `version` with each put. */
export interface StoredObject {
  key: string;
  size: number;
  etag: string;
  version: string;
  modified: string;
  content_type: string;
}

/** Something that an explanation names: its id, or the full name of a job or dataset. */
export interface Subject {
  kind: "task" | "job" | "dataset" | "dead_letter" | "event" | "backfill" | "worker";
  name: string;
}

/** One task, as it is now. `partition` is the text key or partition number of a `PerPartition` job. `ranges` are half-open and in the coordinates of the job's output. `error` is that of the last attempt, unless it succeeded, without its trace. `dead_letter` is the open one. `folded_into` names the task that carries on, `replayed_by` the event that took the task's place. `worker` is the one that runs it or ran it last, None once that has left. */
export interface Task {
  id: number;
  job: string;
  state: "pending" | "waiting" | "running" | "succeeded" | "dead" | "cancelled" | "merged" | "replayed";
  partition: string | null;
  ranges: number[][];
  events_covered: number;
  attempt: number;
  created_at: string;
  run_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  cancel_requested: boolean;
  progress: Record<string, unknown> | null;
  error: Record<string, unknown> | null;
  dead_letter: number | null;
  folded_into: number | null;
  replayed_by: number | null;
  worker: string | null;
}

/** What to do to which tasks, to at most how many of them a second. A `dry_run` counts, and changes nothing. */
export interface TaskAct {
  action: "cancel" | "retry";
  filter: TaskChoice;
  dry_run?: boolean;
  rate_per_second?: number | null;
}

/** Which tasks: those of `ids`, or `all`, or those to which the other fields apply together. They mean what the parameters of the list mean. Without `state` a cancel means tasks that are pending, waiting or running, and a retry those that are dead or waiting. */
export interface TaskChoice {
  ids?: number[] | null;
  all?: boolean;
  state?: ("pending" | "waiting" | "running" | "succeeded" | "dead" | "cancelled" | "merged" | "replayed")[] | null;
  job?: string | null;
  dag?: string | null;
  partition?: string | null;
  worker?: string | null;
  created_since?: string | null;
  created_until?: string | null;
  error_code?: string | null;
}

/** Tasks by state; a dead one is in the dead letters, or was when it ended last. */
export interface TaskCounts {
  pending?: number;
  running?: number;
  done?: number;
  dead?: number;
  cancelled?: number;
}

/** A task with what happened to it and around it. `attempts` are the newest 200, the oldest of them first; `inputs` the first 50 events that it covers, `first_payload` the first 65,536 characters of the first one's; `outputs` the first 100 events that it emitted, `more_outputs` if there are others, with the tasks of the first 20. `first_event_at` is when the first input came, `emitted_at` when the last of `outputs` went. `letter` is its newest dead letter, whatever became of that. */
export interface TaskDetail {
  id: number;
  job: string;
  state: "pending" | "waiting" | "running" | "succeeded" | "dead" | "cancelled" | "merged" | "replayed";
  partition: string | null;
  ranges: number[][];
  events_covered: number;
  attempt: number;
  created_at: string;
  run_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  cancel_requested: boolean;
  progress: Record<string, unknown> | null;
  error: Record<string, unknown> | null;
  dead_letter: number | null;
  folded_into: number | null;
  replayed_by: number | null;
  worker: string | null;
  attempts: Attempt[];
  inputs: EventSummary[];
  first_payload: Payload | null;
  first_event_at: string | null;
  outputs: OutputEvent[];
  more_outputs: boolean;
  emitted_at: string | null;
  letter: DeadLetter | null;
  kinship: Kinship;
  trace_id: string | null;
}

/** Why an attempt failed, for people; equal codes and messages are grouped. */
export interface TaskError {
  message: string;
  code?: string;
  /** What to do about it. */
  hint?: string;
  /** Whose fault it is. */
  fault?: "headgate" | "input" | "provider" | "state";
  /** A stack trace, say. */
  detail?: string;
}

/** An event to emit: for an output by text a `key` (or none), for one by ranges a `range`. */
export interface TaskEvent {
  dataset: string;
  key?: string | null;
  /** The first, and one past the last. */
  range?: number[] | null;
  /** Any JSON of at most 192 KiB. */
  payload?: unknown;
  /** Of the data it tells of, such as a hash: equal ones are equal data. */
  version?: string | null;
  /** The same one again, in any attempt of the task, makes no second event. */
  idem_key?: string | null;
}

/** A page of tasks; it is not `complete` when the look ended before it found enough of them. Then it may be empty, and `next_cursor` goes on. `counts` comes with the first page: how many tasks of each state the filter without its states finds, or at least so many, if not `exact`. */
export interface TaskPage {
  items: Task[];
  next_cursor: string | null;
  complete: boolean;
  counts: StateCount[] | null;
}

/** How far an attempt is, for people who watch. */
export interface TaskProgress {
  token: string;
  done: number;
  total: number;
  message?: string;
}

/** How one attempt ended. `ok` publishes `events` with it. `retry` tries again with backoff until the job's attempts are used up, `fail` gives up at once. `snooze` puts the task back and costs it no attempt. */
export interface TaskResult {
  token: string;
  outcome: "cancel" | "fail" | "ok" | "retry" | "snooze";
  /** Only with `ok`; no `idem_key`. */
  events?: TaskEvent[];
  error?: TaskError | null;
  /** With `retry` and `snooze`: not before. */
  retry_after_ms?: number;
  /** The task's `trace`, for the events that it emits. */
  trace?: string | null;
}

/** Why a task came to be, why it does not run, and how it ended. `causes`: what made it, and made it run again. `waits`: all that keeps it from running now, each by itself. `upstream`: for each stale input that it waits for, up to the causes. `ends`: how it ended or goes on, empty while it is pending. `events` are the first of those it covers. */
export interface TaskWhy {
  task_id: number;
  job: string;
  state: "pending" | "waiting" | "running" | "succeeded" | "dead" | "cancelled" | "merged" | "replayed";
  summary: string;
  causes: Reason[];
  waits: Reason[];
  upstream: DatasetWhy[];
  ends: Reason[];
  events: TracedEvent[];
}

/** How long attempts took that ended in some span: percentiles of those that succeeded. `failed` were retried, lost with their worker, or given up. Null: none succeeded. */
export interface Timing {
  attempts: number;
  failed: number;
  since: string | null;
  until: string | null;
  p50_seconds: number | null;
  p95_seconds: number | null;
}

/** A dataset that the cascade concerns, and where. `units` are the numbers in the ranges there, None for text keys and for all of a dataset. `stale` says whether some of it is stale now, `stale_units` how much (None as above). */
export interface Touched {
  dataset: string;
  where: string;
  units: number | null;
  stale: boolean;
  stale_units: number | null;
}

/** An event and where it came from: `producer_task` of `producer_job`, a source, or a person. `edited`: a replay of another event, for one job only. */
export interface TracedEvent {
  id: number;
  dataset: string;
  kind: "update" | "invalidate";
  key: string | null;
  range: number[] | null;
  at: string;
  version: string | null;
  producer_task: number | null;
  producer_job: string | null;
  source: string | null;
  edited: boolean;
}

/** One finished image and what was measured on it. `version` is that of the object under `key`. `text_box` is left, top, right, bottom. */
export interface VariantView {
  preset: string;
  key: string;
  version?: string | null;
  made_at?: string | null;
  reused: boolean;
  width: number;
  height: number;
  bytes: number;
  layout: string;
  product_kept: number;
  contrast: number | null;
  safe_zone: boolean;
  text_box: number[] | null;
  text_size_px: number;
  missing_glyphs: string[];
  warnings: string[];
}

/** An open session. Its leases are lost when nothing is heard of it for `lease_seconds`. */
export interface WorkSession {
  session: number;
  /** Shown as `Authorization: Bearer`. */
  session_token: string;
  lease_seconds: number;
}

/** A worker of `capacity` tasks at once; taken for dead at `expires_at` if it stays silent. */
export interface Worker {
  id: number;
  worker: string;
  capacity: number;
  started_at: string;
  expires_at: string;
}

/** A worker, and what it has in hand: `in_flight` of at most `capacity` tasks. `heartbeat_seconds` ago it was heard of. `jobs` are the 20 of which it runs most, of the org that asks; `in_flight` counts all. */
export interface WorkerLoad {
  id: number;
  worker: string;
  state: "live" | "late" | "gone";
  text: string;
  capacity: number;
  in_flight: number;
  started_at: string;
  heartbeat_seconds: number;
  jobs: JobInHand[];
}

export const operations = {
  get_attention: ["GET", "/api/v1/attention"],
  list_backfills: ["GET", "/api/v1/backfills"],
  cancel_backfill: ["POST", "/api/v1/backfills/{backfill_id}/cancel"],
  resume_backfill: ["POST", "/api/v1/backfills/{backfill_id}/resume"],
  submit_brief: ["POST", "/api/v1/creative/briefs"],
  predict_brief: ["POST", "/api/v1/creative/briefs/predict"],
  submit_sample_brief: ["POST", "/api/v1/creative/briefs/sample"],
  list_campaigns: ["GET", "/api/v1/creative/campaigns"],
  get_campaign: ["GET", "/api/v1/creative/campaigns/{run_id}"],
  get_campaign_images: ["GET", "/api/v1/creative/campaigns/{run_id}/images.zip"],
  get_manifest: ["GET", "/api/v1/creative/campaigns/{run_id}/manifest"],
  run_product_again: ["POST", "/api/v1/creative/campaigns/{run_id}/products/{idx}/again"],
  list_dags: ["GET", "/api/v1/dags"],
  deploy_dag: ["POST", "/api/v1/dags"],
  plan_dag: ["POST", "/api/v1/dags/plan"],
  get_dag: ["GET", "/api/v1/dags/{name}"],
  get_dag_graph: ["GET", "/api/v1/dags/{name}/graph"],
  get_dag_graph_status: ["GET", "/api/v1/dags/{name}/graph/status"],
  rollback_dag: ["POST", "/api/v1/dags/{name}/rollback"],
  list_dag_versions: ["GET", "/api/v1/dags/{name}/versions"],
  get_dag_version: ["GET", "/api/v1/dags/{name}/versions/{version}"],
  list_datasets: ["GET", "/api/v1/datasets"],
  get_dataset: ["GET", "/api/v1/datasets/{name}"],
  get_dataset_history: ["GET", "/api/v1/datasets/{name}/history"],
  get_dataset_impact: ["POST", "/api/v1/datasets/{name}/impact"],
  invalidate_dataset: ["POST", "/api/v1/datasets/{name}/invalidate"],
  get_dataset_lineage: ["GET", "/api/v1/datasets/{name}/lineage"],
  why_dataset: ["GET", "/api/v1/datasets/{name}/why"],
  list_dead_letters: ["GET", "/api/v1/dead-letters"],
  discard_dead_letters: ["POST", "/api/v1/dead-letters/discard"],
  group_dead_letters: ["GET", "/api/v1/dead-letters/groups"],
  redrive_dead_letters: ["POST", "/api/v1/dead-letters/redrive"],
  reopen_dead_letters: ["POST", "/api/v1/dead-letters/reopen"],
  get_dead_letter: ["GET", "/api/v1/dead-letters/{letter_id}"],
  discard_dead_letter: ["POST", "/api/v1/dead-letters/{letter_id}/discard"],
  redrive_dead_letter: ["POST", "/api/v1/dead-letters/{letter_id}/redrive"],
  reopen_dead_letter: ["POST", "/api/v1/dead-letters/{letter_id}/reopen"],
  replay_dead_letter: ["POST", "/api/v1/dead-letters/{letter_id}/replay"],
  list_events: ["GET", "/api/v1/events"],
  get_event: ["GET", "/api/v1/events/{event_id}"],
  get_event_cascade: ["GET", "/api/v1/events/{event_id}/cascade"],
  why_event: ["GET", "/api/v1/events/{event_id}/why"],
  get_flow: ["GET", "/api/v1/flow"],
  get_graph: ["GET", "/api/v1/graph"],
  list_jobs: ["GET", "/api/v1/jobs"],
  get_job: ["GET", "/api/v1/jobs/{job}"],
  get_job_partitions: ["GET", "/api/v1/jobs/{job}/partitions"],
  pause_job: ["POST", "/api/v1/jobs/{job}/pause"],
  process_job: ["POST", "/api/v1/jobs/{job}/process"],
  resume_job: ["POST", "/api/v1/jobs/{job}/resume"],
  list_objects: ["GET", "/api/v1/objects"],
  sign_object: ["POST", "/api/v1/objects/sign"],
  get_object: ["GET", "/api/v1/objects/{key}"],
  put_object: ["PUT", "/api/v1/objects/{key}"],
  delete_object: ["DELETE", "/api/v1/objects/{key}"],
  list_operations: ["GET", "/api/v1/operations"],
  get_operation: ["GET", "/api/v1/operations/{operation_id}"],
  cancel_operation: ["POST", "/api/v1/operations/{operation_id}/cancel"],
  get_overview: ["GET", "/api/v1/overview"],
  list_queues: ["GET", "/api/v1/queues"],
  get_queue: ["GET", "/api/v1/queues/{job}"],
  send_event: ["POST", "/api/v1/sources/{dag}/{source}/events"],
  send_events: ["POST", "/api/v1/sources/{dag}/{source}/events:batch"],
  get_status: ["GET", "/api/v1/status"],
  stream: ["GET", "/api/v1/stream"],
  list_tasks: ["GET", "/api/v1/tasks"],
  act_on_tasks: ["POST", "/api/v1/tasks/bulk"],
  get_task: ["GET", "/api/v1/tasks/{task_id}"],
  cancel_task: ["POST", "/api/v1/tasks/{task_id}/cancel"],
  get_task_lineage: ["GET", "/api/v1/tasks/{task_id}/lineage"],
  get_task_logs: ["GET", "/api/v1/tasks/{task_id}/logs"],
  retry_task: ["POST", "/api/v1/tasks/{task_id}/retry"],
  why_task: ["GET", "/api/v1/tasks/{task_id}/why"],
  get_trace: ["GET", "/api/v1/traces/{trace_id}"],
  list_workers: ["GET", "/api/v1/workers"],
  get_health: ["GET", "/healthz"],
  get_metrics: ["GET", "/metrics"],
  get_signed_object: ["GET", "/objects/{key}"],
  put_signed_object: ["PUT", "/objects/{key}"],
} as const;

export interface Signatures {
  get_attention: { params: Record<never, never>; body: undefined; result: Attention };
  list_backfills: { params: { job?: string | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_Backfill };
  cancel_backfill: { params: { backfill_id: number }; body: undefined; result: Backfill };
  resume_backfill: { params: { backfill_id: number }; body: undefined; result: Backfill };
  submit_brief: { params: Record<never, never>; body: BriefDocument; result: unknown };
  predict_brief: { params: Record<never, never>; body: BriefDocument; result: Prediction };
  submit_sample_brief: { params: Record<never, never>; body: undefined; result: unknown };
  list_campaigns: { params: { state?: "processing" | "complete" | "partial" | "failed" | "rejected" | null; q?: string | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_CampaignSummary };
  get_campaign: { params: { run_id: string }; body: undefined; result: CampaignDetail };
  get_campaign_images: { params: { run_id: string }; body: undefined; result: string };
  get_manifest: { params: { run_id: string }; body: undefined; result: Record<string, unknown> };
  run_product_again: { params: { run_id: string; idx: number }; body: RunAgain; result: unknown };
  list_dags: { params: { cursor?: string | null; limit?: number }; body: undefined; result: Page_DagSummary };
  deploy_dag: { params: Record<never, never>; body: DeployRequest; result: DeployResult };
  plan_dag: { params: Record<never, never>; body: PlanRequest; result: PlanView };
  get_dag: { params: { name: string }; body: undefined; result: DagDetail };
  get_dag_graph: { params: { name: string }; body: undefined; result: Graph };
  get_dag_graph_status: { params: { name: string }; body: undefined; result: GraphStatus };
  rollback_dag: { params: { name: string }; body: RollbackRequest; result: DeployResult };
  list_dag_versions: { params: { name: string; limit?: number }; body: undefined; result: DagVersion[] };
  get_dag_version: { params: { name: string; version: number }; body: undefined; result: DagVersionDetail };
  list_datasets: { params: { q?: string | null; stale?: boolean | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_Dataset };
  get_dataset: { params: { name: string }; body: undefined; result: DatasetDetail };
  get_dataset_history: { params: { name: string; days?: number }; body: undefined; result: DatasetHistory };
  get_dataset_impact: { params: { name: string }; body: Part; result: Impact };
  invalidate_dataset: { params: { name: string }; body: Part; result: Invalidated };
  get_dataset_lineage: { params: { name: string; up?: number; down?: number }; body: undefined; result: DatasetLineage };
  why_dataset: { params: { name: string; key?: string | null; range?: string | null }; body: undefined; result: DatasetWhy };
  list_dead_letters: { params: { job?: string | null; state?: "open" | "redriven" | "replayed" | "discarded" | "superseded" | "all"; fingerprint?: string | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_DeadLetter };
  discard_dead_letters: { params: Record<never, never>; body: LetterChoice; result: SettleResult };
  group_dead_letters: { params: { job?: string | null; state?: "open" | "redriven" | "replayed" | "discarded" | "superseded" | "all"; cursor?: string | null; limit?: number }; body: undefined; result: Page_LetterGroup };
  redrive_dead_letters: { params: Record<never, never>; body: RedriveRequest; result: RedriveResult };
  reopen_dead_letters: { params: Record<never, never>; body: LetterChoice; result: SettleResult };
  get_dead_letter: { params: { letter_id: number }; body: undefined; result: DeadLetterDetail };
  discard_dead_letter: { params: { letter_id: number }; body: undefined; result: DeadLetter };
  redrive_dead_letter: { params: { letter_id: number }; body: undefined; result: RedrivenLetter };
  reopen_dead_letter: { params: { letter_id: number }; body: undefined; result: DeadLetter };
  replay_dead_letter: { params: { letter_id: number }; body: EditedEvent; result: ReplayedLetter };
  list_events: { params: { cursor?: string | null; limit?: number; dataset?: string | null; kind?: "update" | "invalidate" | null; key?: string | null; range?: string | null; producer_task?: number | null; since?: string | null; until?: string | null }; body: undefined; result: EventPage };
  get_event: { params: { event_id: number }; body: undefined; result: EventDetail };
  get_event_cascade: { params: { event_id: number; depth?: number }; body: undefined; result: Cascade };
  why_event: { params: { event_id: number }; body: undefined; result: EventWhy };
  get_flow: { params: { minutes?: number; job?: string | null }; body: undefined; result: Flow };
  get_graph: { params: { expand?: string[] }; body: undefined; result: Graph };
  list_jobs: { params: { dag?: string | null; q?: string | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_JobSummary };
  get_job: { params: { job: string }; body: undefined; result: JobDetail };
  get_job_partitions: { params: { job: string; from?: number | null; to?: number | null; cells?: number; cursor?: string | null; limit?: number }; body: undefined; result: Partitions };
  pause_job: { params: { job: string }; body: undefined; result: JobState };
  process_job: { params: { job: string }; body: ProcessRequest; result: Processed };
  resume_job: { params: { job: string }; body: undefined; result: JobState };
  list_objects: { params: { prefix?: string; cursor?: string | null; limit?: number }; body: undefined; result: Page_StoredObject };
  sign_object: { params: Record<never, never>; body: SignRequest; result: SignedUrl };
  get_object: { params: { key: string; version?: string | null }; body: undefined; result: string };
  put_object: { params: { key: string }; body: string; result: StoredObject };
  delete_object: { params: { key: string }; body: undefined; result: undefined };
  list_operations: { params: { kind?: string | null; state?: "running" | "succeeded" | "failed" | "cancelled" | null; actor?: string | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_Operation };
  get_operation: { params: { operation_id: string }; body: undefined; result: Operation };
  cancel_operation: { params: { operation_id: string }; body: undefined; result: Operation };
  get_overview: { params: Record<never, never>; body: undefined; result: Overview };
  list_queues: { params: { state?: "paused" | "held" | "busy" | "idle" | null; q?: string | null; cursor?: string | null; limit?: number }; body: undefined; result: Page_Queue };
  get_queue: { params: { job: string; hours?: number }; body: undefined; result: QueueDetail };
  send_event: { params: { dag: string; source: string }; body: NewEvent; result: AcceptedEvent };
  send_events: { params: { dag: string; source: string }; body: NewEvents; result: AcceptedEvents };
  get_status: { params: Record<never, never>; body: undefined; result: Status };
  stream: { params: { topics?: string }; body: undefined; result: {
    data: string;
    event?: string;
    id?: string;
    retry?: number;
  } };
  list_tasks: { params: { order?: "newest" | "oldest"; cursor?: string | null; limit?: number; state?: string | null; job?: string | null; dag?: string | null; partition?: string | null; worker?: string | null; created_since?: string | null; created_until?: string | null; error_code?: string | null }; body: undefined; result: TaskPage };
  act_on_tasks: { params: Record<never, never>; body: TaskAct; result: ActResult };
  get_task: { params: { task_id: number }; body: undefined; result: TaskDetail };
  cancel_task: { params: { task_id: number }; body: undefined; result: TaskDetail };
  get_task_lineage: { params: { task_id: number; depth?: number }; body: undefined; result: Lineage };
  get_task_logs: { params: { task_id: number; after?: string | null; limit?: number }; body: undefined; result: Page_LogLine };
  retry_task: { params: { task_id: number }; body: undefined; result: TaskDetail };
  why_task: { params: { task_id: number }; body: undefined; result: TaskWhy };
  get_trace: { params: { trace_id: string }; body: undefined; result: SpanView[] };
  list_workers: { params: { cursor?: string | null; limit?: number }; body: undefined; result: Page_WorkerLoad };
  get_health: { params: Record<never, never>; body: undefined; result: Health };
  get_metrics: { params: Record<never, never>; body: undefined; result: string };
  get_signed_object: { params: { key: string; method: "GET" | "PUT"; expires: number; signature: string }; body: undefined; result: undefined };
  put_signed_object: { params: { key: string; method: "GET" | "PUT"; expires: number; signature: string }; body: undefined; result: unknown };
}
