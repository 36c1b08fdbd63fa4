-- name: standings
-- How jobs stand, or all that are deployed. Of each one at most `most` rows of each kind are looked at,
-- by an index that begins with the job: the order keeps the planner from reading the table
-- of others' rows in search of so many.
select j.id as job_id, g.name || '.' || j.name as job, g.name as dag, j.removed_at is not null as removed,
       j.paused, (select min(h.since) from core.hold h where h.job_id = j.id) as held_since,
       l.tasks as running, p.tasks as waiting, q.letters as dead,
       least(l.oldest, p.oldest) as oldest_at
  from core.job j join core.dag g on g.id = j.dag_id
 cross join lateral (
    select count(*) as tasks, min(created_at) as oldest from (
        select created_at from core.task_lease
         where job_id = j.id order by ckey limit %(most)s) few) l
 cross join lateral (
    select count(*) as tasks, min(created_at) as oldest from (
        select created_at from core.task_pending
         where job_id = j.id order by ckey limit %(most)s) few) p
 cross join lateral (
    select count(*) as letters from (
        select from core.dead_letter
         where job_id = j.id and state = 'open' order by ckey limit %(most)s) few) q
 where j.org_id = %(org_id)s
   and case when %(jobs)s::int[] is null then j.removed_at is null else j.id = any (%(jobs)s) end
 order by g.name, j.name
