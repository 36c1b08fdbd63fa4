-- name: lock_registry
-- One deploy of an org at a time, until the end of the transaction. A statement of its own: what is
-- read after the wait must see what the deploy before has committed.
select pg_advisory_xact_lock(1212498245, %(org_id)s)

-- name: registered_datasets
-- The org's datasets, and the DAG that declares each.
select d.name, g.name as dag, d.partitioning
  from core.dataset d join core.dag g on g.id = d.dag_id
 where d.org_id = %(org_id)s and d.removed_at is null
 order by d.id

-- name: registered_flows
-- Every job and source of the org, with what it reads and writes.
select g.name as dag, 'job' as kind, j.name,
       coalesce((select jsonb_agg(jsonb_build_object('dataset', d.name, 'lo', s.lo_off, 'hi', s.hi_off,
                                                     'segments', s.segments, 'whole', s.whole)
                                  order by s.dataset_id)
                   from core.subscription s join core.dataset d on d.id = s.dataset_id
                  where s.job_id = j.id), '[]') as reads,
       array(select d.name from core.dataset d
              where d.producer_job_id = j.id and d.id is distinct from j.failures_dataset_id
              order by d.id) as outputs,
       (select d.name from core.dataset d where d.id = j.failures_dataset_id) as failures,
       j.update_strategy = 'replace' as replaces, j.waits_for_inputs as waits
  from core.job j join core.dag g on g.id = j.dag_id
 where j.org_id = %(org_id)s and j.removed_at is null
union all
select g.name, 'source', s.name, '[]', array[d.name], null, false, false
  from core.source s join core.dag g on g.id = s.dag_id join core.dataset d on d.id = s.dataset_id
 where s.org_id = %(org_id)s and s.removed_at is null
 order by dag, kind, name

-- name: current_deployment
-- What runs of a DAG now.
select g.id as dag_id, p.id as deployment_id, p.version, p.spec, p.spec_hash
  from core.dag g join core.deployment p on p.dag_id = g.id and p.version = g.version
 where g.org_id = %(org_id)s and g.name = %(dag)s

-- name: deployed_source
-- The text of one version.
select p.source
  from core.deployment p join core.dag g on g.id = p.dag_id
 where g.org_id = %(org_id)s and g.name = %(dag)s and p.version = %(version)s

-- name: list_deployments
-- The versions of a DAG, newest first.
select p.version, p.principal, p.created_at, p.version = g.version as current
  from core.deployment p join core.dag g on g.id = p.dag_id
 where g.org_id = %(org_id)s and g.name = %(dag)s
 order by p.version desc limit %(limit)s

-- name: set_paused
-- Let claims pass a job over, or not any more; watchers are told. No row: it is as asked for already.
with changed as (
    update core.job j set paused = %(paused)s from core.dag d
     where d.id = j.dag_id and j.org_id = %(org_id)s and d.name = %(dag)s and j.name = %(job)s
       and j.removed_at is null and j.paused <> %(paused)s
    returning j.org_id, j.name, d.name as dag
)
insert into core.change (org_id, topic, subject, data)
select org_id, 'dag', dag, jsonb_build_object('job', name, 'paused', %(paused)s::boolean) from changed

-- name: job_state
-- A deployed job and whether it is paused.
select d.name || '.' || j.name as job, j.paused
  from core.job j join core.dag d on d.id = j.dag_id
 where j.org_id = %(org_id)s and d.name = %(dag)s and j.name = %(job)s and j.removed_at is null

-- name: last_source_of
-- The text that this principal deployed last for a DAG.
select p.source
  from core.deployment p join core.dag g on g.id = p.dag_id
 where g.org_id = %(org_id)s and g.name = %(dag)s and p.principal = %(principal)s
 order by p.version desc limit 1

-- name: pending_work
-- How many tasks of each job wait or run.
select j.name, (select count(*) from core.task_pending p where p.job_id = j.id)
             + (select count(*) from core.task_lease l where l.job_id = j.id) as tasks
  from core.job j where j.dag_id = %(dag_id)s and j.removed_at is null

-- name: add_deployment
-- The next version of a DAG, which becomes the current one; watchers are told.
with dag as (
    insert into core.dag as g (org_id, name, version) values (%(org_id)s, %(dag)s, 1)
    on conflict (org_id, name) do update set version = g.version + 1
    returning id, version
), told as (
    insert into core.change (org_id, topic, subject, data)
    select %(org_id)s::int, 'dag', %(dag)s::text,
           jsonb_build_object('version', version, 'principal', %(principal)s::text)
      from dag
)
insert into core.deployment (org_id, dag_id, version, source, spec, spec_hash, principal)
select %(org_id)s::int, id, version, %(source)s::text, %(spec)s::jsonb,
       %(spec_hash)s::text, %(principal)s::text from dag
returning dag_id, id as deployment_id, version

-- name: remove_missing
-- Mark what the new version no longer has. Rows stay: history, dead letters and events name them.
-- Nothing produces a dataset until this deploy says so, so that a producer can change hands.
with jobs as (
    update core.job set removed_at = now()
     where dag_id = %(dag_id)s and removed_at is null and name <> all (%(jobs)s::text[])
), sources as (
    update core.source set removed_at = now()
     where dag_id = %(dag_id)s and removed_at is null and name <> all (%(sources)s::text[])
)
update core.dataset
   set producer_job_id = null, producer_source_id = null,
       removed_at = case when name = any (%(datasets)s::text[]) then null
                         else coalesce(removed_at, now()) end
 where dag_id = %(dag_id)s

-- name: upsert_datasets
-- The datasets that a DAG declares. A removed dataset may come back under another DAG.
insert into core.dataset as d (org_id, dag_id, name, description, partitioning, unit, storage,
                               write_mode, location, schema, pii_columns)
select %(org_id)s::int, %(dag_id)s::int, name, description, partitioning, unit, storage, write_mode, location,
       schema, pii_columns
  from jsonb_to_recordset(%(datasets)s::jsonb)
    as t(name text, description text, partitioning text, unit text, storage text, write_mode text,
         location text, schema jsonb, pii_columns text[])
on conflict (org_id, name) do update
   set dag_id = excluded.dag_id, description = excluded.description,
       partitioning = excluded.partitioning, unit = excluded.unit, storage = excluded.storage,
       write_mode = excluded.write_mode, location = excluded.location, schema = excluded.schema,
       pii_columns = excluded.pii_columns, removed_at = null, updated_at = now()
 where d.dag_id = excluded.dag_id or d.removed_at is not null

-- name: upsert_jobs
-- The jobs of a DAG. Whether a job is paused is its operator's choice and outlives a deploy.
insert into core.job (org_id, dag_id, deployment_id, name, description, operator, strategy,
                      update_strategy, unique_key, part_size, scaling_mode, max_concurrency, priority,
                      max_attempts, backoff_ms, max_backoff_ms, timeout_ms, runtime, limits, params,
                      failures_dataset_id, debounce_ms, max_wait_ms, fair_segments, rate_per_second,
                      rate_burst, waits_for_inputs, max_hold_ms, cancel_on_invalidate, memo)
select %(org_id)s::int, %(dag_id)s::int, %(deployment_id)s::int, t.name, t.description, operator, strategy,
       update_strategy, unique_key, part_size, scaling_mode, max_concurrency, priority, max_attempts,
       backoff_ms, max_backoff_ms, timeout_ms, runtime, limits, params, f.id,
       debounce_ms, max_wait_ms, fair_segments, rate_per_second, rate_burst, waits_for_inputs,
       max_hold_ms, cancel_on_invalidate, memo
  from jsonb_to_recordset(%(jobs)s::jsonb)
    as t(name text, description text, operator text, strategy smallint, update_strategy text,
         unique_key text[], part_size bigint, scaling_mode text, max_concurrency int,
         priority smallint, max_attempts smallint, backoff_ms int, max_backoff_ms int,
         timeout_ms bigint, runtime text, limits jsonb, params jsonb, failures text, debounce_ms int,
         max_wait_ms int, fair_segments smallint, rate_per_second double precision, rate_burst int,
         waits_for_inputs boolean, max_hold_ms bigint, cancel_on_invalidate boolean, memo boolean)
  left join core.dataset f on f.org_id = %(org_id)s and f.name = t.failures
on conflict (dag_id, name) do update
   set deployment_id = excluded.deployment_id, description = excluded.description,
       operator = excluded.operator, strategy = excluded.strategy,
       update_strategy = excluded.update_strategy, unique_key = excluded.unique_key,
       part_size = excluded.part_size, scaling_mode = excluded.scaling_mode,
       max_concurrency = excluded.max_concurrency, priority = excluded.priority,
       max_attempts = excluded.max_attempts, backoff_ms = excluded.backoff_ms,
       max_backoff_ms = excluded.max_backoff_ms, timeout_ms = excluded.timeout_ms,
       runtime = excluded.runtime, limits = excluded.limits, params = excluded.params,
       failures_dataset_id = excluded.failures_dataset_id, debounce_ms = excluded.debounce_ms,
       max_wait_ms = excluded.max_wait_ms, fair_segments = excluded.fair_segments,
       rate_per_second = excluded.rate_per_second, rate_burst = excluded.rate_burst,
       waits_for_inputs = excluded.waits_for_inputs, max_hold_ms = excluded.max_hold_ms,
       cancel_on_invalidate = excluded.cancel_on_invalidate, memo = excluded.memo, removed_at = null

-- name: upsert_sources
-- The sources of a DAG. A schedule that is new, back, or fires at other times starts from now: its
-- loop takes a missing next_at for that.
insert into core.source as s (org_id, dag_id, deployment_id, name, kind, dataset_id, spec)
select %(org_id)s::int, %(dag_id)s::int, %(deployment_id)s::int, t.name, t.kind, d.id, t.spec
  from jsonb_to_recordset(%(sources)s::jsonb) as t(name text, kind text, dataset text, spec jsonb)
  join core.dataset d on d.org_id = %(org_id)s and d.name = t.dataset
on conflict (dag_id, name) do update
   set deployment_id = excluded.deployment_id, kind = excluded.kind,
       dataset_id = excluded.dataset_id, spec = excluded.spec, removed_at = null,
       next_at = case when s.removed_at is null
                           and (s.spec->'cron', s.spec->'time_zone')
                               is not distinct from (excluded.spec->'cron', excluded.spec->'time_zone')
                      then s.next_at end

-- name: set_producers
-- Which job or source makes each dataset. The check on the table refuses two of them.
update core.dataset d
   set producer_job_id = j.id, producer_source_id = s.id
  from jsonb_to_recordset(%(producers)s::jsonb) as t(dataset text, job text, source text)
  left join core.job j on j.dag_id = %(dag_id)s and j.name = t.job
  left join core.source s on s.dag_id = %(dag_id)s and s.name = t.source
 where d.org_id = %(org_id)s and d.name = t.dataset

-- name: forget_memos
-- What jobs of a DAG remember that do not remember any more: it would be old when they do again.
delete from core.memo m using core.job j
 where j.id = m.job_id and j.dag_id = %(dag_id)s and (not j.memo or j.removed_at is not null)

-- name: drop_subscriptions
-- Forget what jobs of a DAG no longer read.
delete from core.subscription s
 using core.job j, core.dataset d
 where j.id = s.job_id and d.id = s.dataset_id and j.dag_id = %(dag_id)s
   and not exists (select 1 from jsonb_to_recordset(%(subscriptions)s::jsonb) as t(job text, dataset text)
                    where t.job = j.name and t.dataset = d.name)

-- name: upsert_subscriptions
-- What the jobs of a DAG read, and how events map to their partitions.
insert into core.subscription (org_id, job_id, dataset_id, lo_off, hi_off, segments, whole, max_rows,
                               max_units, max_bytes, max_age_ms, reopen)
select %(org_id)s::int, j.id, d.id, t.lo, t.hi, t.segments, t.whole, t.max_rows, t.max_units,
       t.max_bytes, t.max_age_ms, t.reopen
  from jsonb_to_recordset(%(subscriptions)s::jsonb)
    as t(job text, dataset text, lo bigint, hi bigint, segments smallint, whole boolean,
         max_rows int, max_units bigint, max_bytes bigint, max_age_ms bigint, reopen real)
  join core.job j on j.dag_id = %(dag_id)s and j.name = t.job
  join core.dataset d on d.org_id = %(org_id)s and d.name = t.dataset and d.removed_at is null
on conflict (dataset_id, job_id) do update
   set lo_off = excluded.lo_off, hi_off = excluded.hi_off, segments = excluded.segments,
       whole = excluded.whole, max_rows = excluded.max_rows, max_units = excluded.max_units,
       max_bytes = excluded.max_bytes, max_age_ms = excluded.max_age_ms, reopen = excluded.reopen

-- name: replace_closure
-- What changes of the org's datasets reach, anew as a whole.
with input as materialized (
    select s.id as src, d.id as dst, t.lo, t.hi, t.segments, t.whole, t.replaces, t.gates
      from jsonb_to_recordset(%(closure)s::jsonb)
        as t(src text, dst text, lo bigint, hi bigint, segments smallint, whole boolean,
             replaces boolean, gates boolean)
      join core.dataset s on s.org_id = %(org_id)s and s.name = t.src
      join core.dataset d on d.org_id = %(org_id)s and d.name = t.dst
), gone as (
    delete from core.closure c using core.dataset s
     where s.id = c.src and s.org_id = %(org_id)s
       and not exists (select from input i where i.src = c.src and i.dst = c.dst)
)
insert into core.closure as c (src, dst, lo, hi, segments, whole, replaces, gates)
select src, dst, lo, hi, segments, whole, replaces, gates from input
on conflict (src, dst) do update
   set lo = excluded.lo, hi = excluded.hi, segments = excluded.segments, whole = excluded.whole,
       replaces = excluded.replaces, gates = excluded.gates
 where (c.lo, c.hi, c.segments, c.whole, c.replaces, c.gates) is distinct from
       (excluded.lo, excluded.hi, excluded.segments, excluded.whole, excluded.replaces, excluded.gates)

-- name: set_gated
-- Which jobs wait until their inputs agree.
update core.job j set gated = not j.gated
  from core.dag g
 where g.id = j.dag_id and j.org_id = %(org_id)s and j.removed_at is null
   and j.gated <> (g.name || '.' || j.name = any (%(jobs)s::text[]))
