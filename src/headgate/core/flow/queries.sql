-- name: job_id
-- The id of a deployed job by its full name.
select j.id from core.job j join core.dag d on d.id = j.dag_id
 where j.org_id = %(org_id)s and d.name || '.' || j.name = %(job)s and j.removed_at is null

-- name: sample
-- Write what waits and runs now, and what ended since the last sample: a row for each job with any of
-- it and one for its org, all at the same time. Two samplers never count the same completion: each
-- goes on from the newest row. The queue is read once, whole: the caller rests the longer, the longer
-- that takes. Of the history only the span is read, by its partition and task_history_done.
with span as materialized (
    select s.until, greatest(s.last, s.until - interval '10 minutes',
                             coalesce(%(since)s, s.until - interval '1 minute')) as since
      from (select clock_timestamp() - make_interval(secs => %(settle)s) as until,
                   (select max(newest.at) from core.org o cross join lateral (
                        select at from core.sample
                         where org_id = o.id and job_id = 0
                           and at > now() - interval '10 minutes'
                         order by at desc limit 1) newest) as last) s
), queue as (
    select p.job_id, count(*) as waiting, count(*) filter (where p.waiting) as delayed,
           sum(p.bytes) as bytes, extract(epoch from clock_timestamp() - min(p.created_at)) as oldest,
           sum(case when p.rngs = '{}' then 0
                    when range_merge(p.rngs)::int8multirange = p.rngs then upper(p.rngs) - lower(p.rngs)
                    else (select sum(upper(u) - lower(u)) from unnest(p.rngs) u) end) as units
      from core.task_pending p group by p.job_id
), leases as (
    select job_id, count(*) as running from core.task_lease group by job_id
), ended as (
    select job_id, count(*) filter (where outcome in (0, 6)) as succeeded,
           count(*) filter (where outcome in (1, 2)) as failed, count(*) filter (where outcome = 3) as dead
      from core.task_history
     where done_at >= (select since from span) and done_at < (select until from span)
     group by job_id
), holds as (
    select job_id, array_agg(reason order by reason) as reasons from core.hold group by job_id
), told as materialized (
    select j.org_id, j.id as job_id, h.reasons, coalesce(q.waiting, 0) as waiting,
           coalesce(q.delayed, 0) as delayed, coalesce(l.running, 0) as running,
           coalesce(q.units, 0) as units, coalesce(q.bytes, 0) as bytes,
           greatest(q.oldest, 0) as oldest, coalesce(e.succeeded, 0) as succeeded,
           coalesce(e.failed, 0) as failed, coalesce(e.dead, 0) as dead
      from core.job j
      left join queue q on q.job_id = j.id
      left join leases l on l.job_id = j.id
      left join ended e on e.job_id = j.id
      left join holds h on h.job_id = j.id
     where j.removed_at is null
       and (q.job_id is not null or l.job_id is not null or h.job_id is not null
            or e.succeeded + e.failed + e.dead > 0)
), written as (
    insert into core.sample (at, org_id, job_id, seconds, jobs, held, reasons, waiting, delayed, running,
                             units, bytes, oldest_seconds, succeeded, failed, dead)
    select s.until, t.org_id, t.job_id, extract(epoch from s.until - s.since), t.jobs, t.held, t.reasons,
           t.waiting, t.delayed, t.running, t.units, t.bytes, t.oldest, t.succeeded, t.failed, t.dead
      from span s cross join (
        select org_id, job_id, 1 as jobs, (reasons is not null)::int as held, reasons, waiting, delayed,
               running, units, bytes, oldest, succeeded, failed, dead
          from told
        union all
        select org_id, 0, count(*), count(reasons), null, sum(waiting), sum(delayed), sum(running),
               sum(units), sum(bytes), max(oldest), sum(succeeded), sum(failed), sum(dead)
          from told group by org_id) t
     where s.since < s.until
    returning 1
)
select s.until, (select count(*) from written) as rows from span s

-- name: series
-- The samples of one job, or (0) of the org as a whole, by steps. A sample counts in each step that
-- its span touches, its completions by the share of its span, so that neither the beat of the samples
-- nor that of the steps shows. One walk of sample_series: at most 60,480 rows, a week of them.
with w as (
    select %(since)s::timestamptz as since, %(until)s::timestamptz as until, %(step)s::float8 as step
), mine as materialized (
    select high - s.seconds as low, high, s.jobs, s.held, s.waiting, s.running, s.succeeded, s.failed,
           s.dead
      from core.sample s
     cross join lateral (select extract(epoch from s.at - %(since)s::timestamptz)::float8 as high) at
     where s.org_id = %(org_id)s and s.job_id = %(job_id)s
       and s.at > %(since)s and s.at <= %(until)s::timestamptz + interval '10 minutes'
), piece as (
    select m.*, n, (least(m.high, (n + 1) * w.step) - greatest(m.low, n * w.step))
                   / nullif(m.high - m.low, 0) as share
      from w cross join mine m
     cross join lateral generate_series(greatest(0, floor(m.low / w.step))::int,
                                        (ceil(m.high / w.step) - 1)::int) n
), step as (
    select n, sum(succeeded * share) as succeeded, sum(failed * share) as failed,
           sum(dead * share) as dead, max(waiting) as waiting, max(running) as running,
           sum(held * share) / nullif(sum(jobs * share), 0) as held
      from piece where share > 0 group by n
), first as (
    select s.at - make_interval(secs => s.seconds) as at from core.sample s
     where s.org_id = %(org_id)s and s.job_id = 0 order by s.at limit 1
)
select w.since + make_interval(secs => n * w.step) as at,
       (coalesce(step.succeeded, 0) / w.step)::float8 as succeeded,
       (coalesce(step.failed, 0) / w.step)::float8 as failed,
       (coalesce(step.dead, 0) / w.step)::float8 as dead,
       coalesce(step.waiting, 0) as waiting, coalesce(step.running, 0) as running,
       coalesce(step.held, 0)::float8 as held
  from w cross join first
 cross join generate_series(0, (extract(epoch from w.until - w.since)::float8 / w.step)::int - 1) n
  left join step using (n)
 where w.since + make_interval(secs => (n + 1) * w.step) > first.at
 order by n

-- name: held_spans
-- When backpressure held a job: samples in a row with the same reason are one span, which ends with the
-- last of them. The newest ones; one walk of sample_series.
with told as (
    select reason, s.at, s.at - make_interval(secs => s.seconds) as since
      from core.sample s cross join lateral unnest(s.reasons) reason
     where s.org_id = %(org_id)s and s.job_id = %(job_id)s and s.at > %(since)s and s.held > 0
), marked as (
    select reason, at, since,
           coalesce(since > lag(at) over w + interval '1 second', true) as begins
      from told window w as (partition by reason order by at)
), numbered as (
    select reason, at, since, count(*) filter (where begins) over (partition by reason order by at) as nth
      from marked
)
select reason, min(since) as since, max(at) as until
  from numbered group by reason, nth order by until desc, reason limit %(limit)s
