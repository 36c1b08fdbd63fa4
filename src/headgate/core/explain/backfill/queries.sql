-- name: list_backfills
-- Backfills of which something is left, newest first; there are few, each one a row.
select b.id, d.name || '.' || j.name as job, b.event_id, b.total,
       (select coalesce(sum(upper(u) - lower(u)), 0) from unnest(b.remaining) u)::bigint as remaining,
       j.paused, b.created_at, b.cancelled_at
  from core.backfill b join core.job j on j.id = b.job_id join core.dag d on d.id = j.dag_id
 where b.org_id = %(org_id)s and b.id < %(before)s and b.remaining <> '{}'
   and (%(job)s::text is null or d.name || '.' || j.name = %(job)s)
 order by b.id desc limit %(limit)s

-- name: find_backfill
-- One backfill.
select b.id, d.name || '.' || j.name as job, b.event_id, b.total,
       (select coalesce(sum(upper(u) - lower(u)), 0) from unnest(b.remaining) u)::bigint as remaining,
       j.paused, b.created_at, b.cancelled_at
  from core.backfill b join core.job j on j.id = b.job_id join core.dag d on d.id = j.dag_id
 where b.org_id = %(org_id)s and b.id = %(id)s and b.remaining <> '{}'

-- name: set_cancelled
-- Stop making tasks of a backfill, or go on. No row: it is in that state already, or is done.
update core.backfill
   set cancelled_at = case when %(cancelled)s then clock_timestamp() end
 where id = %(id)s and org_id = %(org_id)s and remaining <> '{}'
   and (cancelled_at is null) = %(cancelled)s
returning id
