-- name: held
-- Those of these leases that still hold.
select l.task_id, l.token, l.job_id, l.ckey, l.attempt, l.rngs::text, l.inval::text, l.evs::text, l.n,
       l.heavy, l.leased_at, l.deadline_at, l.deployment_id
  from unnest(%(task_ids)s::bigint[], %(tokens)s::bigint[]) as t(task_id, token)
  join core.task_lease l using (task_id, token)

-- name: ended
-- How attempts ended whose leases are gone.
select h.task_id, h.token, h.outcome, h.error->>'code' as code
  from unnest(%(task_ids)s::bigint[], %(tokens)s::bigint[]) as t(task_id, token)
  join core.task_history h using (task_id, token)

-- name: inputs
-- The events that each of these leases covers, from one on: the first of each task, and those after
-- it while the payloads of the task have at most `bytes` together. Ids in between may be
-- of datasets that the job does not read. Payloads stay text: nobody here reads them.
select c.task_id, c.id, d.name as dataset, c.kind, c.key, lower(c.rng) as low, upper(c.rng) as high,
       c.payload, c.at, c.version, c.trace, c.until
  from (
    select l.task_id, upper(l.evs) as until, e.*,
           row_number() over (partition by l.task_id order by e.id) as nth,
           sum(coalesce(octet_length(e.payload), 0)) over (partition by l.task_id order by e.id) as size
      from unnest(%(task_ids)s::bigint[], %(tokens)s::bigint[]) as t(task_id, token)
      join core.task_lease l using (task_id, token)
     cross join lateral (
        select e.id, e.dataset_id, e.kind, e.key, e.rng, e.payload::text as payload, e.at, e.version,
               e.trace
          from (select r from unnest(l.evs) r where upper(r) > %(start)s
                 order by r limit %(most)s) r -- each holds one of its events at least
         cross join lateral (
            select * from core.event where id >= greatest(lower(r.r), %(start)s) and id < upper(r.r)
               and (l.ckey <> 'b' or dataset_id in (
                    select s.dataset_id from core.subscription s where s.job_id = l.job_id))
             order by id limit %(most)s) e
         order by e.id limit %(most)s) e
     where l.heavy) c
  join core.dataset d on d.id = c.dataset_id
 where c.nth = 1 or c.size <= %(bytes)s
 order by c.task_id, c.id

-- name: report
-- How far attempts are; stale tokens change nothing. Ordered, as completions lock them.
with held as materialized (
    select l.task_id, t.progress
      from unnest(%(task_ids)s::bigint[], %(tokens)s::bigint[], %(progress)s::text[])
               as t(task_id, token, progress)
      join core.task_lease l using (task_id, token)
     order by l.task_id for update of l
)
update core.task_lease l set progress = held.progress::jsonb
  from held where l.task_id = held.task_id
returning l.token
