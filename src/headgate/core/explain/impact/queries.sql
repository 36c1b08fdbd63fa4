-- name: downstream
-- The datasets that an invalidation reaches: over jobs that replace what they made.
select d.name as dataset, c.lo, c.hi, c.segments, c.whole
  from core.closure c join core.dataset d on d.id = c.dst and d.removed_at is null
 where c.src = %(dataset_id)s and c.replaces
 order by d.name limit %(limit)s

-- name: readers
-- Who reads these datasets, and what each makes of what.
select j.id as job_id, g.name || '.' || j.name as job, d.name as dataset, j.strategy, j.part_size,
       j.update_strategy = 'replace' as replaces, j.max_concurrency, j.rate_per_second, j.paused,
       s.lo_off as lo, s.hi_off as hi, s.segments, s.whole,
       array(select o.name from core.dataset o
              where o.producer_job_id = j.id and o.removed_at is null
                and o.id is distinct from j.failures_dataset_id order by o.name) as outputs
  from core.dataset d
  join core.subscription s on s.dataset_id = d.id
  join core.job j on j.id = s.job_id and j.removed_at is null
  join core.dag g on g.id = j.dag_id
 where d.org_id = %(org_id)s and d.name = any (%(datasets)s::text[])
 order by g.name, j.name, d.name limit %(limit)s

-- name: medians
-- How long a task of each job took, as the median of the successes among its last %(most)s rows of
-- history: a walk of the index that begins with the job, which only the pair makes sure of.
select j.id as job_id,
       (percentile_cont(0.5) within group (order by extract(epoch from h.done_at - h.leased_at)))::float8
           as seconds
  from unnest(%(jobs)s::int[]) as j(id)
 cross join lateral (select * from core.task_history
                      where (job_id, task_id) < (j.id + 1, 0) and job_id > j.id - 1
                      order by job_id desc, task_id desc limit %(most)s) h
 where h.outcome = 0 and h.leased_at is not null
 group by j.id

-- name: slots
-- How many tasks run at once on the workers that are alive.
select coalesce(sum(capacity), 0)::bigint as slots from core.session where expires_at > clock_timestamp()
