-- name: kpis
-- The org's figures. Leases are no more than the workers have slots; waiting tasks are counted up to a
-- limit; what ended is added up from the samples of the org, a row each ten seconds; datasets are
-- looked up one by one, as there are few beside what may be stale of one.
select (select count(*) from core.task_lease where org_id = %(org_id)s) as running,
       (select count(*) from (select from core.task_pending where org_id = %(org_id)s
                               limit %(most)s) few) as waiting,
       s.succeeded as succeeded_last_hour, s.dead as dead_last_hour,
       c.workers, c.slots, d.datasets, d.stale as datasets_stale
  from (select coalesce(sum(succeeded), 0)::bigint as succeeded, coalesce(sum(dead), 0)::bigint as dead
          from core.sample
         where org_id = %(org_id)s and job_id = 0
           and at > clock_timestamp() - interval '1 hour') s
 cross join (select count(*) as workers, coalesce(sum(capacity), 0)::bigint as slots
               from core.session where expires_at > clock_timestamp()) c
 cross join (select count(*) as datasets, count(*) filter (where (
                 select 1 from core.stale t where t.dataset_id = e.id and t.rngs <> '{}'
                  order by t.key limit 1) is not null) as stale
               from core.dataset e where e.org_id = %(org_id)s and e.removed_at is null) d

-- name: dags
-- The deployed DAGs, by name.
select name, version from core.dag
 where org_id = %(org_id)s and version > 0 order by name limit %(limit)s

-- name: last_ended
-- The tasks that ended last, among the newest rows of the history by id: a walk of one index. One that
-- ran for very long may be missing.
select h.task_id as id, g.name || '.' || j.name as job, h.outcome, h.ckey, h.done_at as ended_at,
       extract(epoch from h.done_at - h.leased_at)::float8 as seconds, h.error->>'message' as error
  from (select * from core.task_history
         where org_id = %(org_id)s order by task_id desc limit %(most)s) h
  join core.job j on j.id = h.job_id join core.dag g on g.id = j.dag_id
 where h.outcome in (0, 3, 4, 6)
 order by h.done_at desc limit %(limit)s
