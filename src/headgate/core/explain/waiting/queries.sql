-- name: pending_facts
-- A pending task, and all that a claim looks at for it. Leases of the job and of the key are found by
-- index, those before it are counted over the first %(most)s of the pick index; all leases together
-- are no more than the workers have slots.
select clock_timestamp() as now, p.id as task_id, p.job_id, d.name || '.' || j.name as job, p.ckey,
       p.rngs::text as rngs, p.waiting, p.run_at, p.created_at, p.n, p.attempt, p.losses,
       j.removed_at, j.paused, j.runtime, j.operator, j.debounce_ms, j.max_wait_ms,
       j.max_concurrency, j.fair_segments is not null as fair, j.rate_per_second, j.gated,
       p.created_at + j.max_hold_ms * interval '1 millisecond' as hold_ends,
       j.gated and core.reads_stale(p.job_id, p.ckey, p.rngs) as reads_stale,
       case when j.rate_per_second is not null then least(
           greatest(j.rate_burst, j.rate_per_second / 4),
           coalesce(b.tokens + j.rate_per_second * extract(epoch from clock_timestamp() - b.at),
                    j.rate_burst)) end::float8 as tokens,
       k.task_id as key_task, k.leased_at as key_since, ks.worker as key_worker, k.preempted,
       running.tasks as running, running.first as running_tasks, ahead.tasks as ahead,
       crew.workers, crew.capacity, busy.leases as busy, r.led_until > clock_timestamp() as led
  from core.task_pending p
  join core.job j on j.id = p.job_id
  join core.dag d on d.id = j.dag_id
 cross join core.router r
  left join core.bucket b on b.job_id = j.id
  left join core.task_lease k on k.job_id = p.job_id and k.ckey = p.ckey
  left join core.session ks on ks.id = k.session_id
 cross join lateral (select count(*) as tasks, (array_agg(l.task_id))[:5] as first
                       from (select task_id from core.task_lease
                              where job_id = p.job_id order by task_id limit %(most)s) l) running
 cross join lateral (
    select count(*) as tasks
      from (select h.priority, h.turn, h.id from core.task_pending h
             where h.job_id = p.job_id and not h.waiting
             order by h.priority desc, h.turn, h.id limit %(most)s) head
     where not p.waiting
       and (head.priority > p.priority
            or head.priority = p.priority and (head.turn, head.id) < (p.turn, p.id))) ahead
 cross join (select count(*) as workers, coalesce(sum(capacity), 0)::bigint as capacity
               from core.session where expires_at > clock_timestamp()) crew
 cross join (select count(*) as leases from core.task_lease) busy
 where p.id = %(task_id)s and p.org_id = %(org_id)s

-- name: holds
-- What holds a job, and the closed valves behind it with what was measured and who should drain them.
select h.reason, h.since, v.measured, v.cause, v.changed_at, ds.name as dataset,
       case when v.job_id is null and v.subject is not null then substr(v.subject, 9) end as runtime,
       d.name || '.' || j.name as reader, j.paused as reader_paused, reading.tasks as reader_running,
       s.max_rows, s.max_units, s.max_bytes, s.max_age_ms, s.reopen
  from core.hold h
  left join core.dataset ds on h.reason = 'backpressure:' || ds.name and ds.producer_job_id = h.job_id
  left join core.valve v on v.closed
   and (v.dataset_id = ds.id or 'backpressure:' || v.subject = h.reason)
  left join core.subscription s on s.dataset_id = v.dataset_id and s.job_id = v.job_id
  left join core.job j on j.id = v.job_id
  left join core.dag d on d.id = j.dag_id
  left join lateral (select count(*) as tasks from (
      select from core.task_lease where job_id = v.job_id limit 1000) few) reading on true
 where h.job_id = %(job_id)s
 order by h.since, h.reason, v.subject limit %(limit)s

-- name: stale_inputs
-- Which inputs keep a task waiting, and where: as `core.reads_stale` decides it.
select d.id as dataset_id, d.name as dataset, st.key, st.since,
       case when st.key = '' and needed.rngs <> '{}' then st.rngs * needed.rngs
            else st.rngs end::text as rngs,
       j.id as maker_id, g.name || '.' || j.name as maker, j.strategy, j.part_size
  from core.subscription s
  join core.stale st on st.dataset_id = s.dataset_id and st.rngs <> '{}'
  join core.dataset d on d.id = s.dataset_id
  left join core.job j on j.id = d.producer_job_id
  left join core.dag g on g.id = j.dag_id
 cross join lateral (
    select case when s.whole then '{}' else coalesce(
        range_agg(int8range(lower(u) - s.hi_off, upper(u) - s.lo_off)), '{}') end as rngs
      from unnest(%(rngs)s::int8multirange) u) needed
 where s.job_id = %(job_id)s
   and case
       when st.key <> '' and left(%(ckey)s, 1) = 'k' then substr(%(ckey)s, 2) = case
           when s.segments is null then st.key
           else array_to_string((string_to_array(st.key, '/'))[:s.segments], '/') end
       when st.key <> '' or needed.rngs = '{}' then true
       else st.rngs && needed.rngs end
 order by st.since, d.name, st.key limit %(limit)s

-- name: last_end
-- The newest end of an attempt that put the task back, or that was folded into it: of the task's own
-- by index, of others among the %(most)s rows of rare outcomes on either side of its id.
select h.task_id, h.outcome, h.attempt, h.error - 'detail' as error, h.done_at, h.leased_at
  from ((select * from core.task_history where task_id = %(task_id)s order by done_at desc limit 1)
        union all
        (select * from core.task_history
          where outcome not in (0, 3) and task_id < %(task_id)s order by task_id desc limit %(most)s)
        union all
        (select * from core.task_history
          where outcome not in (0, 3) and task_id > %(task_id)s order by task_id limit %(most)s)) h
 where h.folded_into = %(task_id)s and h.org_id = %(org_id)s
 order by h.done_at desc limit 1
