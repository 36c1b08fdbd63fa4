-- name: reader_jobs
-- Who reads these datasets, and what each makes; what tells of its failures is none of that.
select j.id as job_id, g.name || '.' || j.name as job, s.dataset_id,
       j.removed_at is not null as removed, j.paused,
       array(select o.name from core.dataset o
              where o.producer_job_id = j.id and o.removed_at is null
                and o.id is distinct from j.failures_dataset_id order by o.id limit 20) as outputs
  from core.subscription s
  join core.job j on j.id = s.job_id
  join core.dag g on g.id = j.dag_id
 where s.dataset_id = any (%(datasets)s::int[]) and s.org_id = %(org_id)s
 order by j.id, s.dataset_id limit %(limit)s

-- name: passed_events
-- Events by id, and whether each is routed. `since` spares a look at the days before.
select e.id, e.dataset_id, d.name as dataset, e.kind, e.key, lower(e.rng) as low, upper(e.rng) as high,
       e.only_job, e.producer_task as task_id,
       pg_visible_in_snapshot(e.xid, r.s1)
         or r.last_id <> 0 and pg_visible_in_snapshot(e.xid, r.s2)
            and (e.xid, e.id) <= (r.last_xid, r.last_id) as routed
  from unnest(%(events)s::bigint[]) i cross join core.router r
 cross join lateral (
    select * from core.event
     where id = i and at >= %(since)s and org_id = %(org_id)s limit 1) e
  join core.dataset d on d.id = e.dataset_id
 order by e.id

-- name: emitted_ids
-- The events that these tasks emitted, the first few of each, by the index of producers.
select e.id from unnest(%(tasks)s::bigint[]) t
 cross join lateral (
    select id from core.event
     where producer_task = t and at >= %(since)s and org_id = %(org_id)s limit %(each)s) e
 order by e.id limit %(limit)s

-- name: reached_tasks
-- The tasks of these jobs that cover events of one hop, found as in `covering_tasks`, but for all events
-- of a job together: pending ones by the keys that the events have there, running ones among the
-- leases, ended ones by a bounded walk of the job's history from the time of the first event on (and
-- some back, for tasks that were pending then). `cut_off`: the walk ended before the present. `wide`:
-- events have more partitions than keys are looked for.
with e as materialized (
    select e.* from unnest(%(events)s::bigint[]) i cross join lateral (
        select id, dataset_id, rng, key, only_job, at from core.event
         where id = i and at >= %(since)s and org_id = %(org_id)s limit 1) e
), hit as materialized (
    select e.id, e.at, s.job_id, case j.strategy
           when 0 then array['u' || e.id]
           when 2 then array['b']
           else case when e.rng is null then array['k' || coalesce(case
               when s.segments is null then e.key
               else array_to_string((string_to_array(e.key, '/'))[:s.segments], '/') end, '')]
           else array(select 'p' || p from generate_series(
               floor((lower(e.rng) + s.lo_off)::numeric / j.part_size)::bigint,
               least(floor((upper(e.rng) + s.hi_off - 1)::numeric / j.part_size),
                     floor((lower(e.rng) + s.lo_off)::numeric / j.part_size) + %(keys)s - 1)::bigint) p) end
           end as ckeys,
           j.strategy = 1 and e.rng is not null
             and upper(e.rng) - lower(e.rng) > j.part_size * (%(keys)s - 1) as wide
      from e join core.subscription s on s.dataset_id = e.dataset_id
      join core.job j on j.id = s.job_id and j.id = any (%(jobs)s::int[])
     where e.only_job is null or e.only_job = s.job_id
), reader as materialized (
    select job_id, range_agg(int8range(id, id, '[]')) as ids, min(at) as at, bool_or(wide) as wide
      from hit group by job_id
), walked as materialized (
    select r.job_id, h.tasks, coalesce(h.walked, 0) >= %(on)s as cut_off
      from reader r
     cross join lateral (
        with recursive halves (low, high, step) as (
            select (select task_id from core.task_history
                     where (job_id, task_id) > (r.job_id, 0) and job_id < r.job_id + 1
                     order by job_id, task_id limit 1),
                   (select task_id from core.task_history
                     where (job_id, task_id) < (r.job_id + 1, 0) and job_id > r.job_id - 1
                     order by job_id desc, task_id desc limit 1) + 1, 0
            union all
            select case when at.created_at < r.at then at.task_id + 1 else low end,
                   case when at.created_at < r.at then high else (low + high) / 2 end, step + 1
              from halves cross join lateral (
                select task_id, created_at from core.task_history
                 where (job_id, task_id) >= (r.job_id, (low + high) / 2) and job_id < r.job_id + 1
                 order by job_id, task_id limit 1) at
             where low < high and step < 64
        )
        select low as task_id from halves order by step desc limit 1) start
     cross join lateral (
        select array_agg(distinct near.task_id) filter (where near.evs && r.ids) as tasks,
               count(*) filter (where near.later) as walked
          from (
            (select task_id, evs, true as later from core.task_history
              where (job_id, task_id) >= (r.job_id, start.task_id) and job_id < r.job_id + 1
                and done_at >= %(since)s
              order by job_id, task_id limit %(on)s)
            union all
            (select task_id, evs, false from core.task_history
              where (job_id, task_id) < (r.job_id, start.task_id) and job_id > r.job_id - 1
                and done_at >= %(since)s
              order by job_id desc, task_id desc limit %(back)s)) near) h
), found as (
    select k.job_id, p.id as task_id
      from (select distinct job_id, unnest(ckeys) as ckey from hit limit %(keys)s) k
      join reader r on r.job_id = k.job_id
      join core.task_pending p on p.job_id = k.job_id and p.ckey = k.ckey and p.evs && r.ids
    union
    select r.job_id, l.task_id
      from reader r join core.task_lease l on l.job_id = r.job_id and l.evs && r.ids
    union
    select job_id, unnest(tasks) from walked
)
select r.job_id, coalesce(w.cut_off, false) as cut_off, coalesce(r.wide, false) as wide,
       f.task_id,
       case when l.task_id is not null then 'running' when p.id is not null then 'pending'
            when h.outcome in (0, 6) then 'succeeded' when h.outcome = 3 then 'dead'
            when h.outcome = 4 then 'cancelled' else 'merged' end as state,
       h.done_at as ended_at,
       array(select i.id from hit i
              where i.job_id = r.job_id and coalesce(l.evs, p.evs, h.evs) @> i.id
              order by i.id limit %(each)s) as events
  from reader r
  left join walked w on w.job_id = r.job_id
  left join (select * from found order by task_id limit %(limit)s) f on f.job_id = r.job_id
  left join core.task_lease l on l.task_id = f.task_id
  left join core.task_pending p on p.id = f.task_id
  left join lateral (
    select outcome, done_at, evs from core.task_history
     where task_id = f.task_id and done_at >= %(since)s order by done_at desc limit 1) h on true
 order by r.job_id, f.task_id

-- name: left_of_events
-- What these events left in backfills of these jobs; there are few of each job.
select b.job_id, b.cancelled_at is not null as cancelled,
       sum((select sum(upper(u) - lower(u)) from unnest(b.remaining) u))::bigint as units
  from core.backfill b
 where b.job_id = any (%(jobs)s::int[]) and b.event_id = any (%(events)s::bigint[])
   and b.remaining <> '{}'
 group by 1, 2

-- name: still_stale
-- What is stale now of datasets at places: by primary key of the ranges, and any of the keys.
select w.name as dataset,
       case when bool_or(s.key <> '') or bool_or(lower_inf(s.rngs) or upper_inf(s.rngs)) then null
            else sum((select sum(upper(u) - lower(u))
                        from unnest(s.rngs * w.rngs::int8multirange) u)) end::bigint as units
  from unnest(%(names)s::text[], %(ranges)s::text[], %(keys)s::text[]) as w(name, rngs, key)
  join core.dataset d on d.org_id = %(org_id)s and d.name = w.name
  join core.stale s on s.dataset_id = d.id and case
       when s.key = '' then s.rngs && w.rngs::int8multirange
       else w.key is null or s.key = w.key end
 group by w.name
