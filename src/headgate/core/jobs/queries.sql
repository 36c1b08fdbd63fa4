-- name: list_jobs
-- A page of jobs by name. For each one of the page, and for no other: what waits and what is dead is
-- counted by index up to `most`, and its last hundred rows of history are a walk of the index that begins
-- with the job, as the pair makes sure.
with page as materialized (
    select j.id, d.name as dag, d.name || '.' || j.name as job, j.operator, j.strategy, j.paused
      from core.job j join core.dag d on d.id = j.dag_id
     where j.org_id = %(org_id)s and j.removed_at is null
       and (d.name || '.' || j.name) collate "C" > %(after)s
       and (%(job)s::text is null or d.name || '.' || j.name = %(job)s)
       and (%(dag)s::text is null or d.name = %(dag)s)
       and (%(words)s::text is null or strpos(lower(d.name || '.' || j.name), lower(%(words)s)) > 0)
     order by (d.name || '.' || j.name) collate "C" limit %(limit)s
)
select page.*, w.waiting, r.running, q.dead as dead_letters,
       exists (select from core.hold h where h.job_id = page.id) as held,
       t.outcomes, t.seconds, t.percentiles[1] as p50_seconds, t.percentiles[2] as p95_seconds
  from page
 cross join lateral (select count(*) as waiting from (
        select from core.task_pending where job_id = page.id limit %(most)s) few) w
 cross join lateral (select count(*) as running from (
        select from core.task_lease where job_id = page.id limit %(most)s) few) r
 cross join lateral (select count(*) as dead from (
        select from core.dead_letter where job_id = page.id and state = 'open' limit %(most)s) few) q
 cross join lateral (
    select (array_agg(few.outcome order by few.done_at desc))[:30] as outcomes,
           (array_agg(few.seconds order by few.done_at desc))[:30] as seconds,
           percentile_cont(array[0.5, 0.95]) within group (order by few.seconds)
               filter (where few.outcome = 0) as percentiles
      from (select h.outcome, h.done_at, extract(epoch from h.done_at - h.leased_at)::float8 as seconds
              from (select outcome, leased_at, done_at from core.task_history
                     where (job_id, task_id) < (page.id + 1, 0) and job_id > page.id - 1
                     order by job_id desc, task_id desc limit 100) h
             where h.leased_at is not null) few) t
 order by page.job collate "C"

-- name: find_job
-- A deployed job as the registry has it.
select j.id, d.name as dag, d.name || '.' || j.name as job, p.version, j.description, j.operator, j.strategy,
       j.update_strategy, j.unique_key, j.part_size, j.scaling_mode, j.max_concurrency, j.priority,
       j.max_attempts, j.backoff_ms, j.max_backoff_ms, j.timeout_ms, j.runtime, j.limits, j.params,
       j.paused, j.debounce_ms, j.max_wait_ms, j.fair_segments, j.rate_per_second, j.rate_burst,
       j.waits_for_inputs, j.max_hold_ms, j.cancel_on_invalidate, j.memo,
       (select f.name from core.dataset f where f.id = j.failures_dataset_id) as failures,
       array(select o.name from core.dataset o
              where o.producer_job_id = j.id and o.removed_at is null
                and o.id is distinct from j.failures_dataset_id order by o.id) as outputs
  from core.job j
  join core.dag d on d.id = j.dag_id
  join core.deployment p on p.id = j.deployment_id
 where j.org_id = %(org_id)s and j.removed_at is null
   and d.name = split_part(%(job)s, '.', 1) and j.name = split_part(%(job)s, '.', 2)
   and d.name || '.' || j.name = %(job)s

-- name: inputs
-- What a job reads, and how.
select d.id as dataset_id, d.name as dataset, d.partitioning, d.unit, s.lo_off as lo, s.hi_off as hi,
       s.segments, s.whole, s.max_rows, s.max_units, s.max_bytes, s.max_age_ms, s.reopen
  from core.subscription s join core.dataset d on d.id = s.dataset_id
 where s.job_id = %(job_id)s order by d.id

-- name: schedules
-- The schedules whose events a job reads.
select d.name || '.' || c.name as source, i.name as dataset, c.spec->>'cron' as cron,
       c.spec->>'time_zone' as time_zone, c.enabled, c.next_at
  from core.subscription s
  join core.dataset i on i.id = s.dataset_id
  join core.source c on c.id = i.producer_source_id and c.kind = 'schedule' and c.removed_at is null
  join core.dag d on d.id = c.dag_id
 where s.job_id = %(job_id)s order by c.id

-- name: timings
-- How long the last attempts of a job took, all together (part null, first) and in parts of equal size:
-- a walk of %(most)s rows of the index that begins with the job, as the pair makes sure.
with ran as (
    select h.outcome, h.done_at, extract(epoch from h.done_at - h.leased_at)::float8 as seconds,
           ntile(%(parts)s) over (order by h.done_at) as part
      from (select outcome, leased_at, done_at from core.task_history
             where (job_id, task_id) < (%(job_id)s + 1, 0) and job_id > %(job_id)s - 1
             order by job_id desc, task_id desc limit %(most)s) h
     where h.leased_at is not null
), grouped as (
    select part, count(*) as attempts, count(*) filter (where outcome in (1, 2, 3)) as failed,
           min(done_at) as since, max(done_at) as until,
           percentile_cont(array[0.5, 0.95]) within group (order by seconds)
               filter (where outcome = 0) as percentiles
      from ran group by grouping sets ((part), ())
)
select attempts, failed, since, until, percentiles[1] as p50_seconds, percentiles[2] as p95_seconds
  from grouped order by part nulls first
