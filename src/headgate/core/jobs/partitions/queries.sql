-- name: cells
-- How many units are in each state, in equal pieces of a span; nothing here is done a partition at a time.
-- Looked at are the newest %(attempts)s rows of the job's history (a walk of the index that begins with
-- it, as the pair makes sure), %(queued)s pending rows and as many dead letters. Of each state the ranges
-- are joined, those of the states before it are taken off, and what is left is cut at the borders of the
-- pieces: as many rows as there are ranges and pieces.
with ended as materialized (
    select outcome, rngs from core.task_history
     where (job_id, task_id) < (%(job_id)s + 1, 0) and job_id > %(job_id)s - 1
     order by job_id desc, task_id desc limit %(attempts)s
), waiting as materialized (
    select rngs from core.task_pending where job_id = %(job_id)s limit %(queued)s
), letters as materialized (
    select rngs from core.dead_letter where job_id = %(job_id)s and state = 'open' limit %(queued)s
), part as materialized (
    select 0 as state, rngs from core.task_lease where job_id = %(job_id)s
    union all
    select 1, rngs from waiting
    union all
    select 1, remaining from core.backfill where job_id = %(job_id)s and cancelled_at is null
    union all
    select 2, rngs from letters
    union all
    select 3, s.rngs from core.dataset d join core.stale s on s.dataset_id = d.id and s.key = ''
     where d.producer_job_id = %(job_id)s
    union all
    select 4, rngs from ended where outcome in (0, 6)
), ends as (
    -- Of what concerns everything the ends are null.
    select coalesce(%(low)s::bigint, min(lower(rngs))) as low,
           coalesce(%(high)s::bigint, max(upper(rngs))) as high
      from part where rngs <> '{}'
), span as materialized (
    select low, high, greatest(ceil((high - low)::numeric / %(cells)s / %(size)s::bigint), 1)::bigint * %(size)s::bigint as width
      from (select floor(low::numeric / %(size)s::bigint)::bigint * %(size)s::bigint as low,
                   ceil(high::numeric / %(size)s::bigint)::bigint * %(size)s::bigint as high
              from ends where low < high) whole
), merged as materialized (
    select p.state, range_agg(p.rngs) * int8multirange(int8range(s.low, s.high)) as rngs
      from part p cross join span s where p.rngs <> '{}' group by p.state, s.low, s.high
), alone as materialized (
    select m.state, m.rngs - coalesce((select range_agg(o.rngs) from merged o where o.state < m.state), '{}')
               as rngs
      from merged m
), cut as (
    select c.at, a.state, sum(least(upper(u), s.low + (c.at + 1) * s.width)
                              - greatest(lower(u), s.low + c.at * s.width)) as units
      from span s cross join alone a cross join lateral unnest(a.rngs) u
     cross join lateral generate_series((lower(u) - s.low) / s.width, (upper(u) - 1 - s.low) / s.width) c(at)
     group by c.at, a.state
), counted as (
    select at, sum(units) filter (where state = 0) as running, sum(units) filter (where state = 1) as waiting,
           sum(units) filter (where state = 2) as dead, sum(units) filter (where state = 3) as stale,
           sum(units) filter (where state = 4) as done
      from cut group by at
)
select looked.attempts, looked.queued, s.low, s.high, s.width, piece.at,
       coalesce(n.running, 0)::bigint as running, coalesce(n.waiting, 0)::bigint as waiting,
       coalesce(n.dead, 0)::bigint as dead, coalesce(n.stale, 0)::bigint as stale,
       coalesce(n.done, 0)::bigint as done
  from (select (select count(*) from ended) as attempts,
               greatest((select count(*) from waiting), (select count(*) from letters)) as queued) looked
  left join span s on true
  left join lateral generate_series(0, (s.high - s.low - 1) / s.width) piece(at) on true
  left join counted n on n.at = piece.at
 order by piece.at

-- name: keys
-- The newest state of text keys, by name. What waits, runs and is dead is walked by the indexes of job and
-- key; of what has ended the newest %(attempts)s rows of the index that begins with the job are looked at,
-- as the pair makes sure.
with ended as materialized (
    select task_id, ckey, outcome, done_at from core.task_history
     where (job_id, task_id) < (%(job_id)s + 1, 0) and job_id > %(job_id)s - 1
     order by job_id desc, task_id desc limit %(attempts)s
), last as materialized (
    select distinct on (ckey) ckey, task_id, outcome, done_at from ended
     where left(ckey, 1) = 'k' and ckey > %(after)s order by ckey, done_at desc
), page as materialized (
    select ckey from (
        (select ckey from core.task_pending
          where job_id = %(job_id)s and ckey > %(after)s order by ckey limit %(limit)s)
        union
        (select ckey from core.task_lease
          where job_id = %(job_id)s and ckey > %(after)s order by ckey limit %(limit)s)
        union
        (select ckey from core.dead_letter where job_id = %(job_id)s and state = 'open' and ckey > %(after)s
          order by ckey limit %(limit)s)
        union
        (select ckey from last order by ckey limit %(limit)s)) found
     order by ckey limit %(limit)s
)
select looked.attempts, substr(page.ckey, 2) as key, h.outcome,
       l.task_id is not null as running, p.id is not null as waiting, q.task_id is not null as dead,
       s.since is not null as stale, coalesce(l.task_id, p.id, q.task_id, h.task_id) as task_id,
       case when l.task_id is not null then l.leased_at when p.id is not null then p.created_at
            when q.task_id is not null then q.died_at else coalesce(s.since, h.done_at) end as since
  from (select count(*) as attempts from ended) looked
  left join page on true
  left join core.task_lease l on l.job_id = %(job_id)s and l.ckey = page.ckey
  left join core.task_pending p on p.job_id = %(job_id)s and p.ckey = page.ckey
  left join lateral (select task_id, died_at from core.dead_letter
                      where job_id = %(job_id)s and ckey = page.ckey and state = 'open'
                      order by id desc limit 1) q on true
  left join lateral (select min(t.since) as since
                       from core.dataset d join core.stale t on t.dataset_id = d.id
                      where d.producer_job_id = %(job_id)s and t.key = substr(page.ckey, 2)
                        and t.key <> '') s on true
  left join last h on h.ckey = page.ckey
 order by page.ckey
