-- name: edges
-- What waits at the end of each edge from a job, and its limits. Where rows alone are limited, no
-- more of them are counted than that takes.
select 'edge:' || s.dataset_id || ':' || s.job_id as subject, s.dataset_id, s.job_id,
       s.max_rows, s.max_units, s.max_bytes, s.max_age_ms, s.reopen,
       w.rows, coalesce(w.units, 0)::bigint as units, coalesce(w.bytes, 0)::bigint as bytes,
       coalesce(w.age_ms, 0)::bigint as age_ms, coalesce(v.closed, false) as closed,
       coalesce(v.pressure, 0) as pressure,
       coalesce(extract(epoch from clock_timestamp() - v.changed_at), 1e9)::float8 as moved
  from core.subscription s
  join core.job j on j.id = s.job_id and j.removed_at is null
  join core.dataset d on d.id = s.dataset_id and d.removed_at is null
                     and d.producer_job_id is not null
 cross join lateral (
    select count(*) as rows, sum(p.bytes) as bytes,
           extract(epoch from clock_timestamp() - min(p.created_at)) * 1000 as age_ms,
           case when s.max_units is not null then
               sum((select sum(upper(u) - lower(u)) from unnest(p.rngs) u)) end as units
      from (select p.bytes, p.created_at, p.rngs from core.task_pending p where p.job_id = s.job_id
             limit case when s.max_units is null and s.max_bytes is null and s.max_age_ms is null
                        then s.max_rows end) p) w
  left join core.valve v on v.subject = 'edge:' || s.dataset_id || ':' || s.job_id

-- name: runtimes
-- How many tasks wait for each runtime, counted up to its limit.
select 'runtime:' || r.name as subject, r.name, w.rows, coalesce(v.closed, false) as closed,
       coalesce(v.pressure, 0) as pressure,
       coalesce(extract(epoch from clock_timestamp() - v.changed_at), 1e9)::float8 as moved
  from (select distinct runtime as name from core.job where removed_at is null) r
 cross join lateral (select count(*) as rows from (
    select from core.job j join core.task_pending p on p.job_id = j.id
     where j.runtime = r.name and j.removed_at is null limit %(limit)s) few) w
  left join core.valve v on v.subject = 'runtime:' || r.name

-- name: set_valves
-- Keep what was measured.
insert into core.valve as v (subject, dataset_id, job_id, closed, pressure, cause, measured)
select * from unnest(%(subjects)s::text[], %(datasets)s::int[], %(jobs)s::int[], %(closed)s::boolean[],
                     %(pressures)s::real[], %(causes)s::text[], %(measured)s::jsonb[])
on conflict (subject) do update
   set closed = excluded.closed, pressure = excluded.pressure, cause = excluded.cause,
       measured = excluded.measured,
       changed_at = case when v.closed = excluded.closed then v.changed_at else clock_timestamp() end

-- name: drop_valves
-- Forget edges that no longer are.
delete from core.valve where subject <> all (%(subjects)s::text[])

-- name: set_holds
-- Hold who feeds a closed valve, and nobody else. A queue whose job waits for an input that is being
-- made holds nobody: that input may be made by those it would hold. Leaves have nobody to hold them,
-- so something always drains.
with stuck as (
    select j.id, j.runtime from core.job j
     where j.gated and exists (
        select from core.subscription s join core.stale st on st.dataset_id = s.dataset_id
         where s.job_id = j.id and st.rngs <> '{}')
), wanted as (
    select distinct d.producer_job_id as job_id, 'backpressure:' || d.name as reason
      from core.valve v join core.dataset d on d.id = v.dataset_id
     where v.closed and d.producer_job_id is not null and v.job_id not in (select id from stuck)
    union
    select distinct maker.id, 'backpressure:' || v.subject
      from core.valve v
      join core.job j on 'runtime:' || j.runtime = v.subject and j.removed_at is null
      join core.subscription s on s.job_id = j.id
      join core.dataset d on d.id = s.dataset_id
      join core.job maker on maker.id = d.producer_job_id and maker.runtime <> j.runtime
     where v.closed and j.runtime not in (select runtime from stuck)
), gone as (
    delete from core.hold h
     where not exists (select from wanted w where w.job_id = h.job_id and w.reason = h.reason)
    returning 1
), come as (
    insert into core.hold (job_id, reason) select job_id, reason from wanted
    on conflict do nothing returning 1
)
select (select count(*) from gone) as freed, (select count(*) from come) as held
