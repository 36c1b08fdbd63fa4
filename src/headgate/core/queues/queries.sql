-- name: queues
-- Queues of an org: what stands still first, then by what waits. Of each job at most %(most)s rows are
-- counted, by the primary key whatever the statistics say; where there are more, the newest sample
-- knows. Pressure and rates are read for the page.
with queue as materialized (
    select j.id, d.name || '.' || j.name as job, d.name as dag, j.paused, j.max_concurrency,
           j.rate_per_second as rate, j.priority, j.runtime, q.tasks < %(most)s as exact,
           greatest(q.tasks, s.waiting) as waiting, coalesce(s.delayed, q.delayed) as delayed,
           coalesce(s.oldest_seconds + extract(epoch from now() - s.at),
                    greatest(0, extract(epoch from now() - q.oldest)))::float8 as oldest_seconds,
           coalesce(l.running, 0) as running,
           case when j.paused then 'paused' when h.job_id is not null then 'held'
                when q.tasks > 0 or l.running > 0 then 'busy' else 'idle' end as state
      from core.job j
      join core.dag d on d.id = j.dag_id
      left join (select distinct job_id from core.hold) h on h.job_id = j.id
      left join (select job_id, count(*) as running from core.task_lease group by job_id) l
        on l.job_id = j.id
     cross join lateral (
        select count(*) as tasks, count(*) filter (where waiting) as delayed, min(created_at) as oldest
          from (select waiting, created_at from core.task_pending
                 where job_id = j.id order by ckey limit %(most)s) few) q
      left join lateral (
        select at, waiting, delayed, oldest_seconds from core.sample
         where q.tasks >= %(most)s and org_id = j.org_id and job_id = j.id
           and at > now() - interval '1 minute' and at <= now()
         order by at desc limit 1) s on true
     where j.org_id = %(org_id)s and j.removed_at is null
       and (%(job)s::text is null or d.name || '.' || j.name = %(job)s)
       and (%(q)s::text is null or strpos(d.name || '.' || j.name, lower(%(q)s)) > 0)
), page as materialized (
    select *, (state in ('paused', 'held'))::int as rank from queue
     where (%(state)s::text is null or state = %(state)s)
       and ((state in ('paused', 'held'))::int, waiting, -id)
           < (%(rank)s::int, %(waiting)s::bigint, -%(id)s::bigint)
     order by rank desc, waiting desc, id limit %(limit)s
), tightest as (
    select distinct on (v.job_id) v.job_id, ds.name as dataset, v.cause, v.measured, v.closed,
           s.max_rows, s.max_units, s.max_bytes, s.max_age_ms, s.reopen
      from core.valve v
      join core.subscription s on s.dataset_id = v.dataset_id and s.job_id = v.job_id
      join core.dataset ds on ds.id = v.dataset_id
     where v.job_id in (select id from page)
     order by v.job_id, v.pressure desc, v.subject
)
select p.*, t.dataset, t.cause, t.measured, t.closed, t.max_rows, t.max_units, t.max_bytes, t.max_age_ms,
       t.reopen, lately.done_per_second
  from page p
  left join tightest t on t.job_id = p.id
  left join lateral (
    select (sum(succeeded + dead) / nullif(sum(seconds), 0))::float8 as done_per_second
      from core.sample
     where org_id = %(org_id)s and job_id = p.id
       and at > now() - interval '75 seconds' and at <= now()) lately on true
 order by p.rank desc, p.waiting desc, p.id

-- name: holds
-- What holds these jobs, and the closed valves behind it with what was measured and who should drain
-- them; the first 20 of each job.
select * from (
    select h.job_id, h.reason, h.since, v.measured, v.cause, v.changed_at, ds.name as dataset,
           case when v.job_id is null and v.subject is not null then substr(v.subject, 9) end as runtime,
           d.name || '.' || j.name as reader, j.paused as reader_paused, reading.tasks as reader_running,
           s.max_rows, s.max_units, s.max_bytes, s.max_age_ms, s.reopen,
           row_number() over (partition by h.job_id order by h.since, h.reason, v.subject) as nth
      from core.hold h
      left join core.dataset ds
        on h.reason = 'backpressure:' || ds.name and ds.producer_job_id = h.job_id
      left join core.valve v on v.closed
       and (v.dataset_id = ds.id or 'backpressure:' || v.subject = h.reason)
      left join core.subscription s on s.dataset_id = v.dataset_id and s.job_id = v.job_id
      left join core.job j on j.id = v.job_id
      left join core.dag d on d.id = j.dag_id
      left join lateral (select count(*) as tasks from (
          select from core.task_lease where job_id = v.job_id limit 1000) few) reading on true
     where h.job_id = any(%(jobs)s::int[])) held
 where nth <= 20 order by job_id, nth

-- name: workers
-- Workers, newest first; with a job those that run it, or ran one of its 200 newest attempts. There
-- are no more leases than the workers have slots.
with of_job as materialized (
    select session_id from core.task_lease where job_id = %(job_id)s::int
    union
    select session_id from (
        select session_id from core.task_history where job_id = %(job_id)s::int
         order by task_id desc limit 200) newest
), page as materialized (
    select id, worker, capacity, started_at,
           extract(epoch from clock_timestamp() - expires_at)::float8 as expired_seconds
      from core.session
     where id < %(before)s and (%(job_id)s::int is null or id in (select session_id from of_job))
     order by id desc limit %(limit)s
), hand as (
    select session_id, org_id, job_id, count(*) as running from core.task_lease
     where session_id in (select id from page) group by session_id, org_id, job_id
)
select p.*, coalesce(total.running, 0)::int as in_flight, shown.jobs
  from page p
  left join (select session_id, sum(running) as running from hand group by session_id) total
    on total.session_id = p.id
 cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('job', job, 'running', running)
                              order by running desc, job), '[]') as jobs
      from (select d.name || '.' || j.name as job, h.running
              from hand h join core.job j on j.id = h.job_id join core.dag d on d.id = j.dag_id
             where h.session_id = p.id and h.org_id = %(org_id)s
             order by h.running desc, job limit 20) most) shown
 order by p.id desc
