-- name: links_below
-- Who reads these datasets, and what each makes; what tells of failures is no lineage.
select j.id as job_id, g.name || '.' || j.name as maker, 'job' as kind, s.dataset_id as reads,
       o.id as makes
  from core.subscription s
  join core.job j on j.id = s.job_id and j.removed_at is null
  join core.dag g on g.id = j.dag_id
  left join core.dataset o on o.producer_job_id = j.id and o.removed_at is null
   and o.id is distinct from j.failures_dataset_id
 where s.dataset_id = any (%(datasets)s::int[]) and s.org_id = %(org_id)s
 order by j.id, s.dataset_id, o.id limit %(limit)s

-- name: links_above
-- Who makes these datasets, a job or a source, and what each job reads.
select coalesce(j.id, s.id) as job_id, g.name || '.' || coalesce(j.name, s.name) as maker,
       case when j.id is null then 'source' else 'job' end as kind, u.dataset_id as reads, d.id as makes
  from core.dataset d
  left join core.job j on j.id = d.producer_job_id and j.removed_at is null
  left join core.source s on s.id = d.producer_source_id and s.removed_at is null
  join core.dag g on g.id = coalesce(j.dag_id, s.dag_id)
  left join core.subscription u on u.job_id = j.id
 where d.id = any (%(datasets)s::int[]) and d.org_id = %(org_id)s
 order by kind, job_id, u.dataset_id, d.id limit %(limit)s

-- name: dataset_status
-- These datasets, and since when some of each is stale, of the first rows of what is.
select d.id, d.name, g.name as dag, st.since as stale_since
  from core.dataset d join core.dag g on g.id = d.dag_id
 cross join lateral (select min(since) as since from (
    select since from core.stale where dataset_id = d.id and rngs <> '{}' order by key limit 100) few) st
 where d.id = any (%(datasets)s::int[]) and d.org_id = %(org_id)s
 order by d.id
