-- name: covered_events
-- The first events with these ids, and who emitted each; in the ranges of a Bulk task there are others
-- between, of datasets that its job does not read. The inner limit is a fence: each range is one walk
-- of an index.
select e.id, d.name as dataset, e.kind, e.key, lower(e.rng) as low, upper(e.rng) as high, e.at,
       e.version, e.producer_task, e.only_job is not null as edited, g.name || '.' || j.name as job,
       h.name || '.' || s.name as source
  from unnest(%(jobs)s::int[], %(bulks)s::boolean[], %(lows)s::bigint[], %(highs)s::bigint[])
           as r(job_id, bulk, low, high)
 cross join lateral (
    select * from core.event where id >= r.low and id < r.high
       and (not r.bulk or dataset_id in (
            select s.dataset_id from core.subscription s where s.job_id = r.job_id))
     order by id limit %(limit)s) e
  join core.dataset d on d.id = e.dataset_id
  left join core.job j on j.id = d.producer_job_id
  left join core.dag g on g.id = j.dag_id
  left join core.source s on s.id = d.producer_source_id
  left join core.dag h on h.id = s.dag_id
 where e.org_id = %(org_id)s
 order by e.id limit %(limit)s

-- name: emitted_events
-- The first events that each of these tasks emitted, by the index of producers: the sum in the order
-- keeps the planner from walking all events by id until it has found enough.
select t.id as task_id, e.id, d.name as dataset, e.kind, e.key, lower(e.rng) as low,
       upper(e.rng) as high, e.at, e.version, e.producer_task, e.only_job is not null as edited,
       g.name || '.' || j.name as job, null as source
  from unnest(%(task_ids)s::bigint[]) as t(id)
 cross join lateral (select * from core.event where producer_task = t.id
                      order by id + 0 limit %(limit)s) e
  join core.dataset d on d.id = e.dataset_id
  left join core.job j on j.id = d.producer_job_id
  left join core.dag g on g.id = j.dag_id
 where e.org_id = %(org_id)s
 order by t.id, e.id

-- name: covers
-- Which events these tasks cover: of where each one is, or of its last history row.
select a.id as task_id, j.id as job_id, d.name || '.' || j.name as job, coalesce(l.ckey, p.ckey, h.ckey) as ckey,
       coalesce(l.evs, p.evs, h.evs)::text as evs, coalesce(l.n, p.n, h.n) as n,
       case when l.task_id is not null then 'running' when p.id is not null then 'pending'
            when h.outcome in (0, 6) then 'succeeded' when h.outcome = 3 then 'dead'
            when h.outcome = 4 then 'cancelled' else 'merged' end as state
  from unnest(%(task_ids)s::bigint[]) as a(id)
  left join core.task_lease l on l.task_id = a.id and l.org_id = %(org_id)s
  left join core.task_pending p on p.id = a.id and p.org_id = %(org_id)s
  left join lateral (select * from core.task_history
                      where task_id = a.id and org_id = %(org_id)s
                      order by done_at desc limit 1) h on true
  join core.job j on j.id = coalesce(l.job_id, p.job_id, h.job_id)
  join core.dag d on d.id = j.dag_id
 order by a.id

-- name: covering_tasks
-- The tasks that cover these events. Pending and running ones are found by the keys that the events
-- have there (of the first hundred partitions). Ended ones have no index by event, but ids and times
-- of creation go up together: a search by halves finds where the job's history is at the time of the
-- event, and a bounded walk from there, on and back, finds the tasks. Pairs are compared, and not
-- `job_id = `, because with that the planner may walk the tasks of all jobs by their ids.
with hit as materialized (
    select e.id, e.at, s.job_id, case j.strategy
           when 0 then array['u' || e.id]
           when 2 then array['b']
           else case when e.rng is null then array['k' || coalesce(case
               when s.segments is null then e.key
               else array_to_string((string_to_array(e.key, '/'))[:s.segments], '/') end, '')]
           else array(select 'p' || p from generate_series(
               floor((lower(e.rng) + s.lo_off)::numeric / j.part_size)::bigint,
               least(floor((upper(e.rng) + s.hi_off - 1)::numeric / j.part_size),
                     floor((lower(e.rng) + s.lo_off)::numeric / j.part_size) + 99)::bigint) p) end
           end as ckeys
      from unnest(%(events)s::bigint[]) i
     cross join lateral (select * from core.event where id = i and org_id = %(org_id)s limit 1) e
      join core.subscription s on s.dataset_id = e.dataset_id
      join core.job j on j.id = s.job_id
     where e.only_job is null or e.only_job = s.job_id
), found as (
    select hit.id as event_id, hit.job_id, p.id as task_id
      from hit join core.task_pending p
        on p.job_id = hit.job_id and p.ckey = any (hit.ckeys) and p.evs @> hit.id
    union
    select hit.id, hit.job_id, l.task_id
      from hit join core.task_lease l
        on l.job_id = hit.job_id and l.ckey = any (hit.ckeys) and l.evs @> hit.id
    union
    select hit.id, hit.job_id, h.task_id
      from hit
     cross join lateral (
        with recursive halves (low, high, step) as (
            select (select task_id from core.task_history
                     where (job_id, task_id) > (hit.job_id, 0) and job_id < hit.job_id + 1
                     order by job_id, task_id limit 1),
                   (select task_id from core.task_history
                     where (job_id, task_id) < (hit.job_id + 1, 0) and job_id > hit.job_id - 1
                     order by job_id desc, task_id desc limit 1) + 1, 0
            union all
            select case when at.created_at < hit.at then at.task_id + 1 else low end,
                   case when at.created_at < hit.at then high else (low + high) / 2 end, step + 1
              from halves cross join lateral (
                select task_id, created_at from core.task_history
                 where (job_id, task_id) >= (hit.job_id, (low + high) / 2)
                   and job_id < hit.job_id + 1
                 order by job_id, task_id limit 1) at
             where low < high and step < 64
        )
        select low as task_id from halves order by step desc limit 1) start
     cross join lateral (
        select task_id from (
            (select task_id, evs from core.task_history
              where (job_id, task_id) >= (hit.job_id, start.task_id) and job_id < hit.job_id + 1
              order by job_id, task_id limit %(on)s)
            union all
            (select task_id, evs from core.task_history
              where (job_id, task_id) < (hit.job_id, start.task_id) and job_id > hit.job_id - 1
              order by job_id desc, task_id desc limit %(back)s)) near
         where near.evs @> hit.id) h
)
-- Some of each job: one with many partitions must not hide the others.
select event_id, job_id, task_id
  from (select f.*, row_number() over (partition by event_id, job_id order by task_id) as nth
          from found f) f
 order by nth, event_id, job_id limit %(limit)s
