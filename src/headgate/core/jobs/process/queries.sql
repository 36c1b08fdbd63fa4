-- name: event_like
-- The newest event of a dataset at this key or range, for its payload: of the newest %(most)s events of
-- the index that begins with the dataset, as the pair makes sure. What was edited for one job counts too:
-- it is the last word.
select e.id, e.payload from (
    select id, kind, key, rng, payload from core.event
     where (dataset_id, id) < (%(dataset_id)s + 1, 0) and dataset_id > %(dataset_id)s - 1
     order by dataset_id desc, id desc limit %(most)s) e
 where e.kind = 0 and e.payload is not null
   and case when %(key)s::text is not null then e.key = %(key)s
            else e.rng = int8range(%(low)s::bigint, %(high)s::bigint) end
 order by e.id desc limit 1

-- name: backfill_of
-- The backfill that one event left for a job; a job has few.
select id from core.backfill where job_id = %(job_id)s and event_id = %(event_id)s
