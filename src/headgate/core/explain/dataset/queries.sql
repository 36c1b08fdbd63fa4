-- name: find_dataset
-- A dataset by name, and the job or source that makes it.
select d.id, d.name, d.partitioning, d.unit, j.id as job_id, g.name || '.' || j.name as job,
       coalesce(j.strategy, 0) as strategy, coalesce(j.part_size, 1) as part_size,
       h.name || '.' || s.name as source,
       case when d.storage = 'postgres' and d.write_mode = 'buffered' then d.schema end as columns
  from core.dataset d
  left join core.job j on j.id = d.producer_job_id and j.removed_at is null
  left join core.dag g on g.id = j.dag_id
  left join core.source s on s.id = d.producer_source_id
  left join core.dag h on h.id = s.dag_id
 where d.org_id = %(org_id)s and d.name = %(name)s and d.removed_at is null

-- name: stale_places
-- What is stale of a dataset at a place, the longest stale first.
select key, (rngs * %(rngs)s::int8multirange)::text as rngs, since
  from core.stale
 where dataset_id = %(dataset_id)s
   and case when key = '' then rngs && %(rngs)s::int8multirange
            else %(key)s::text is null or key = %(key)s
                 or %(below)s and starts_with(key, %(key)s || '/') end
 order by since, key limit %(limit)s

-- name: readings
-- What a job reads, and how.
select d.name as dataset, d.partitioning, s.lo_off as lo, s.hi_off as hi, s.segments, s.whole
  from core.subscription s join core.dataset d on d.id = s.dataset_id
 where s.job_id = %(job_id)s order by d.name

-- name: stale_causes
-- The last events that made a place stale: of the last %(most)s invalidations of each dataset upstream,
-- and, where updates mark too, of its last %(most)s events. Pairs are compared, so that the indexes
-- that begin with the dataset are walked, and not all events by id.
select e.id, a.name as dataset, e.kind, e.key, lower(e.rng) as low, upper(e.rng) as high, e.at,
       e.producer_task
  from core.closure c
  join core.dataset a on a.id = c.src
 cross join lateral (
    (select * from core.event
      where (dataset_id, id) < (c.src + 1, 0) and dataset_id > c.src - 1 and kind = 1
      order by dataset_id desc, id desc limit %(most)s)
    union all
    (select * from (select * from core.event
                     where (dataset_id, id) < (c.src + 1, 0) and dataset_id > c.src - 1 and c.gates
                     order by dataset_id desc, id desc limit %(most)s) last
      where kind = 0)) e
 where c.dst = %(dataset_id)s and e.only_job is null
   and (c.gates or c.replaces)
   and e.at >= %(since)s::timestamptz - interval '10 minutes'
   and case
       when c.whole then true
       when e.rng is not null
       then int8multirange(int8range(lower(e.rng) + c.lo, upper(e.rng) + c.hi)) && %(rngs)s::int8multirange
       when %(key)s::text is null or e.key is null then true
       else starts_with(%(key)s || '/', case
           when c.segments is null then e.key
           else array_to_string((string_to_array(e.key, '/'))[:c.segments], '/') end || '/')
         or %(below)s and starts_with(e.key, %(key)s || '/') end
 order by e.id desc limit %(limit)s
