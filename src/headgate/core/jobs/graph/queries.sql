-- name: versions
-- Which DAGs are deployed, and in which version.
select name, version from core.dag where org_id = %(org_id)s and version > 0 order by name

-- name: names_around
-- The datasets that a DAG declares or reads.
select array(select d.name from core.dataset d where d.dag_id = g.id and d.removed_at is null
             union
             select d.name from core.job j join core.subscription s on s.job_id = j.id
               join core.dataset d on d.id = s.dataset_id
              where j.dag_id = g.id and j.removed_at is null) as names
  from core.dag g where g.org_id = %(org_id)s and g.name = %(dag)s and g.version > 0

-- name: live_jobs
-- What jobs do now, of one DAG or (null) of all; the last attempts only of the DAGs in `opened` (null:
-- of all). What waits and what is dead is counted by index up to `most` a job, and the last outcome is the
-- newest of five rows of the index that begins with the job, as the pair makes sure.
select d.name as dag, d.name || '.' || j.name as job, j.paused, w.waiting, r.running, q.dead as dead_letters,
       exists (select from core.hold h where h.job_id = j.id) as held, h.outcome, h.done_at
  from core.job j
  join core.dag d on d.id = j.dag_id
 cross join lateral (select count(*) as waiting from (
        select from core.task_pending where job_id = j.id limit %(most)s) few) w
 cross join lateral (select count(*) as running from (
        select from core.task_lease where job_id = j.id limit %(most)s) few) r
 cross join lateral (select count(*) as dead from (
        select from core.dead_letter where job_id = j.id and state = 'open' limit %(most)s) few) q
  left join lateral (
        select few.outcome, few.done_at from (
            select outcome, leased_at, done_at from core.task_history
             where (%(opened)s::text[] is null or d.name = any (%(opened)s::text[]))
               and (job_id, task_id) < (j.id + 1, 0) and job_id > j.id - 1
             order by job_id desc, task_id desc limit 5) few
         where few.leased_at is not null order by few.done_at desc limit 1) h on true
 where j.org_id = %(org_id)s and j.removed_at is null and (%(dag)s::text is null or d.name = %(dag)s)
 order by d.name, j.id

-- name: live_datasets
-- How fresh datasets are: those with these names, or (null) all. The newest event is one step of the
-- index that begins with the dataset, only for the DAGs in `opened` (null: for all); of many stale
-- places the longest stale of the first thousand counts.
select g.name as dag, d.name as dataset, s.since as stale_since, e.at as last_event_at
  from core.dataset d
  join core.dag g on g.id = d.dag_id
  left join lateral (select min(few.since) as since from (
        select since from core.stale where dataset_id = d.id and rngs <> '{}' limit 1000) few) s on true
  left join lateral (
        select at from core.event
         where (%(opened)s::text[] is null or g.name = any (%(opened)s::text[]))
           and (dataset_id, id) < (d.id + 1, 0) and dataset_id > d.id - 1
         order by dataset_id desc, id desc limit 1) e on true
 where d.org_id = %(org_id)s and d.removed_at is null
   and (%(names)s::text[] is null or d.name = any (%(names)s::text[]))
 order by d.name
