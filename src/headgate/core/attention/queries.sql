-- name: letter_groups
-- Open dead letters by job and error, the newest group first: of the newest letters only, by the index
-- of the list, so that a hundred thousand of them cost no more.
with newest as materialized (
    select id, job_id, fingerprint, died_at from core.dead_letter
     where org_id = %(org_id)s and state = 'open' order by id desc limit %(most)s
), grouped as (
    select job_id, fingerprint, count(*) as letters, min(died_at) as since, max(id) as newest
      from newest group by 1, 2 order by 5 desc limit %(limit)s
)
select d.name || '.' || j.name as job, j.operator, g.fingerprint, g.letters, g.since,
       q.error - 'detail' as error, (select count(*) from newest) as looked_at
  from grouped g join core.dead_letter q on q.id = g.newest
  join core.job j on j.id = g.job_id join core.dag d on d.id = j.dag_id
 order by g.newest desc

-- name: stuck_datasets
-- Stale datasets whose producer does nothing about it and has a reason of its own: it is paused, has
-- nothing but open dead letters, or is gone. One that waits for a stale input is left to that input.
-- By indexes that begin with the dataset or the job: the orders keep the planner from reading whole
-- tables for those that have nothing. Letters are counted of those that are told.
with stuck as (
    select d.name, st.since, j.id as job_id, j.removed_at is null and j.id is not null as is_made,
           j.name as job, j.dag_id, coalesce(j.paused, false) as paused
      from core.dataset d
      left join core.job j on j.id = d.producer_job_id
     cross join lateral (select min(since) as since from (
        select since from core.stale
         where dataset_id = d.id and rngs <> '{}' order by key limit 100) few) st
     where d.org_id = %(org_id)s and d.removed_at is null and st.since is not null
       and (j.id is null or j.removed_at is not null or j.paused
            or (select 1 from core.dead_letter
                 where job_id = j.id and state = 'open' order by ckey limit 1) is not null
               and (select 1 from core.task_pending where job_id = j.id order by ckey limit 1) is null
               and (select 1 from core.task_lease where job_id = j.id order by ckey limit 1) is null
               and not exists (select from core.backfill
                                where job_id = j.id and cancelled_at is null))
     order by st.since limit %(limit)s
)
select s.name as dataset, s.since, case when s.is_made then g.name || '.' || s.job end as job,
       s.paused, q.letters as dead
  from stuck s left join core.dag g on g.id = s.dag_id
 cross join lateral (select count(*) as letters from (
    select from core.dead_letter
     where job_id = s.job_id and state = 'open' order by ckey limit %(most)s) few) q
 order by s.since

-- name: held_jobs
-- Jobs that have been held for a while, the longest held first.
select j.id as job_id, g.name || '.' || j.name as job, min(h.since) as since,
       (select count(*) from (select from core.task_pending
                               where job_id = j.id order by ckey limit %(most)s) few)
           as waiting
  from core.hold h join core.job j on j.id = h.job_id and j.removed_at is null
  join core.dag g on g.id = j.dag_id
 where j.org_id = %(org_id)s and h.since < clock_timestamp() - make_interval(secs => %(after)s)
 group by j.id, g.name, j.name order by 3 limit %(limit)s

-- name: paused_jobs
-- Paused jobs with work: tasks that wait, or backfills of which something is left.
select g.name || '.' || j.name as job, p.tasks as waiting, p.oldest as oldest_at,
       coalesce(b.units, 0)::bigint as units, b.since as backfill_since
  from core.job j join core.dag g on g.id = j.dag_id
 cross join lateral (
    select count(*) as tasks, min(created_at) as oldest from (
        select created_at from core.task_pending
         where job_id = j.id order by ckey limit %(most)s) few) p
 cross join lateral (
    select min(created_at) as since,
           sum((select sum(upper(u) - lower(u)) from unnest(remaining) u)) as units
      from core.backfill where job_id = j.id and cancelled_at is null and remaining <> '{}') b
 where j.org_id = %(org_id)s and j.paused and j.removed_at is null
   and (p.tasks > 0 or b.since is not null)
 order by least(p.oldest, b.since) limit %(limit)s

-- name: unstarted_jobs
-- Jobs of which nothing runs although the first task of the queue has been ready for a while, nothing
-- holds it and workers have free slots: no worker can run it. What waits for inputs or a rate may.
-- One look at the head of each queue; tasks are counted of the jobs that are told.
with unstarted as (
    select j.id, g.name || '.' || j.name as job, j.operator, j.runtime,
           greatest(head.created_at, head.run_at) as oldest_at
      from core.job j join core.dag g on g.id = j.dag_id
     cross join lateral (
        select created_at, run_at from core.task_pending
         where job_id = j.id and not waiting
         order by priority desc, turn, id limit 1) head
     where j.org_id = %(org_id)s and j.removed_at is null and not j.paused
       and not j.gated and j.rate_per_second is null
       and greatest(head.created_at, head.run_at)
           < clock_timestamp() - make_interval(secs => %(after)s)
       and (select 1 from core.task_lease where job_id = j.id order by ckey limit 1) is null
       and not exists (select from core.hold where job_id = j.id)
       and (select count(*) from core.task_lease)
           < (select coalesce(sum(capacity), 0) from core.session where expires_at > clock_timestamp())
     order by oldest_at limit %(limit)s
)
select u.job, u.operator, u.runtime, p.tasks as ready, u.oldest_at
  from unstarted u
 cross join lateral (select count(*) as tasks from (
    select from core.task_pending
     where job_id = u.id and not waiting order by priority desc, turn, id limit %(most)s) few) p
 order by u.oldest_at

-- name: crew
-- Who works, when the last worker was heard of, and since when something waits: of the first tasks
-- that the index of ids has.
select (select count(*) from core.session where expires_at > clock_timestamp()) as workers,
       (select coalesce(sum(capacity), 0) from core.session
         where expires_at > clock_timestamp())::bigint as slots,
       (select max(expires_at) from core.session) as last_seen_at,
       (select min(created_at) from (
           select created_at from core.task_pending where org_id = %(org_id)s
            order by id limit 100) first) as work_since
