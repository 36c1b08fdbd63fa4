-- name: work_on
-- The producer's pending and running tasks that concern a place, running ones first: those with one
-- of these keys whose ranges meet it; without keys, those among the first %(most)s in the table whose
-- ranges meet it or whose text key is `key`. Leases are few, and all looked at.
with seen as (
    select p.id as task_id, p.waiting, null::text as worker, null::timestamptz as leased_at, p.ckey,
           p.rngs
      from unnest(%(ckeys)s::text[]) k join core.task_pending p on p.job_id = %(job_id)s and p.ckey = k
    union all
    (select id, waiting, null, null, ckey, rngs from core.task_pending
      where job_id = %(job_id)s limit case when %(ckeys)s::text[] is null then %(most)s else 0 end)
    union all
    select l.task_id, false, coalesce(s.worker, ''), l.leased_at, l.ckey, l.rngs
      from core.task_lease l left join core.session s on s.id = l.session_id
     where l.job_id = %(job_id)s
)
select task_id, waiting, worker, leased_at from seen
 where case
       when %(ckeys)s::text[] is not null
       then ckey = any (%(ckeys)s) and (rngs = '{}' or rngs && %(rngs)s::int8multirange)
       when %(key)s::text is null then rngs = '{}' or rngs && %(rngs)s::int8multirange
       when left(ckey, 1) = 'k' then starts_with(substr(ckey, 2) || '/', %(key)s || '/')
       when left(ckey, 1) = 'u' then exists (
           select from core.event e
            where e.id = substr(ckey, 2)::bigint
              and (e.key = %(key)s or %(below)s and starts_with(e.key, %(key)s || '/')))
       else true end
 order by leased_at, task_id limit %(limit)s

-- name: backfills_on
-- What is left of the job's backfills there; a walk of the job's few.
select id, event_id, cancelled_at, created_at,
       (select sum(upper(u) - lower(u)) from unnest(remaining * %(rngs)s::int8multirange) u)::bigint as units,
       total
  from core.backfill
 where job_id = %(job_id)s and remaining && %(rngs)s::int8multirange
 order by id limit %(limit)s

-- name: letters_on
-- The job's open dead letters there, by key or among the first %(most)s, as `work_on` has it.
with seen as (
    select q.* from unnest(%(ckeys)s::text[]) k
      join core.dead_letter q on q.job_id = %(job_id)s and q.ckey = k and q.state = 'open'
    union all
    (select * from core.dead_letter
      where job_id = %(job_id)s and state = 'open'
      limit case when %(ckeys)s::text[] is null then %(most)s else 0 end)
)
select id, task_id, died_at, error->>'code' as code, error->>'message' as message from seen
 where case
       when %(ckeys)s::text[] is not null then rngs = '{}' or rngs && %(rngs)s::int8multirange
       when %(key)s::text is null then rngs = '{}' or rngs && %(rngs)s::int8multirange
       when left(ckey, 1) = 'k' then starts_with(substr(ckey, 2) || '/', %(key)s || '/')
       when left(ckey, 1) = 'u' then exists (
           select from core.event e
            where e.id = substr(ckey, 2)::bigint
              and (e.key = %(key)s or %(below)s and starts_with(e.key, %(key)s || '/')))
       else true end
 order by id limit %(limit)s

-- name: backlog_of
-- How many events are on their way to the job and not tasks yet, how many tasks it has pending, each
-- counted up to a limit; and whether a Dispatcher leads.
select (select count(*) from core.unrouted(%(most)s) e
          join core.subscription s on s.dataset_id = e.dataset_id and s.job_id = %(job_id)s
         where e.only_job is null or e.only_job = s.job_id) as events,
       (select count(*) from (select from core.task_pending where job_id = %(job_id)s
                               limit %(pending)s) few) as pending,
       led_until > clock_timestamp() as led
  from core.router
