-- name: datasets_named
-- The ids of the org's datasets, or of the one with this name; removed ones, too, whose events stay.
select id from core.dataset
 where org_id = %(org_id)s and (%(name)s::text is null or name = %(name)s)
 order by id limit %(limit)s

-- name: first_id_since
-- The first event of a time or later, by halves within the day's partition: ids and times go up
-- together, but for what committed late. A look in an index of one or two days for each step. Null:
-- there is none.
with recursive day as materialized (
    select min(id) as low, max(id) as high from core.event
     where at >= date_trunc('day', %(at)s::timestamptz, 'UTC')
       and at < date_trunc('day', %(at)s::timestamptz, 'UTC') + interval '1 day'
), halves (low, high, step) as (
    select low, high + 1, 0 from day where low is not null
    union all
    select case when x.at < %(at)s::timestamptz then x.id + 1 else low end,
           case when x.at < %(at)s::timestamptz then high else (low + high) / 2 end, step + 1
      from halves cross join lateral (
        select id, at from core.event
         where id >= (low + high) / 2
           and at >= date_trunc('day', %(at)s::timestamptz, 'UTC')
           and at < date_trunc('day', %(at)s::timestamptz, 'UTC') + interval '1 day'
         order by id limit 1) x
     where low < high and step < 64
)
select coalesce((select low from halves order by step desc limit 1),
                (select min(id) from core.event
                  where at >= date_trunc('day', %(at)s::timestamptz, 'UTC') + interval '1 day')) as id

-- name: list_events
-- The newest events with ids from `low` to before `high`: one of four walks of an index, each over at
-- most `window` events, and of these the ones that are meant. Always a row: `seen` says how many the
-- walk met, `lowest` where it ended. Pairs are compared, so that an index that begins with the dataset
-- is walked. What is found is fetched by id and time, which is a look into one day.
with ask as materialized (
    -- Bounds that the planner does not see: it takes a pair of known ones for next to no rows, and
    -- sorts what it would better walk in order.
    select (%(datasets)s::int[])[1] as dataset_id, %(low)s::bigint as low, %(high)s::bigint as high
), seen as materialized (
    (select id, at, dataset_id, kind, rng, key, producer_task from core.event
      where id >= %(low)s and id < %(high)s and org_id = %(org_id)s
      order by id desc limit case when %(walk)s::text = 'log' then %(window)s::int else 0 end)
    union all
    (select id, at, dataset_id, kind, rng, key, producer_task from core.event
      where (dataset_id, id) >= ((select dataset_id from ask), (select low from ask))
        and (dataset_id, id) < ((select dataset_id from ask), (select high from ask))
      order by dataset_id desc, id desc
      limit case when %(walk)s::text = 'dataset' then %(window)s::int else 0 end)
    union all
    (select e.* from unnest(%(datasets)s::int[]) d cross join lateral (
        select id, at, dataset_id, kind, rng, key, producer_task from core.event
         where kind = 1 and (dataset_id, id) >= (d, %(low)s) and (dataset_id, id) < (d, %(high)s)
         order by dataset_id desc, id desc limit %(window)s::int) e
      order by e.id desc limit case when %(walk)s::text = 'invalidations' then %(window)s::int else 0 end)
    union all
    (select id, at, dataset_id, kind, rng, key, producer_task from (
        select * from core.event where producer_task = %(producer_task)s::bigint
         limit case when %(walk)s::text = 'producer' then %(window)s::int else 0 end) e
      where id >= %(low)s and id < %(high)s and org_id = %(org_id)s)
), found as (
    select * from seen
     where (%(walk)s::text <> 'producer' or dataset_id = any (%(datasets)s::int[]))
       and (%(kind)s::smallint is null or kind = %(kind)s::smallint)
       and (%(key_prefix)s::text is null or starts_with(key, %(key_prefix)s))
       and (%(range_low)s::bigint is null or rng && int8range(%(range_low)s, %(range_high)s))
       and (%(producer_task)s::bigint is null or producer_task = %(producer_task)s)
       and (%(since)s::timestamptz is null or at >= %(since)s)
       and (%(until)s::timestamptz is null or at < %(until)s)
     order by id desc limit %(limit)s
)
select w.seen, w.lowest, f.id, d.name as dataset, f.kind, f.key, lower(f.rng) as low,
       upper(f.rng) as high, f.at, f.producer_task, x.trace, x.version, x.payload_bytes,
       x.omitted, x.payload
  from (select count(*) as seen, min(id) as lowest from seen) w
  left join found f on true
  left join core.dataset d on d.id = f.dataset_id
  left join lateral (
    select e.trace, e.version, coalesce(pg_column_size(e.payload), 0) as payload_bytes, s.omitted,
           case when not s.omitted then e.payload end as payload
      from core.event e
     cross join lateral (
        select case when e.payload is null then false
                    when pg_column_size(e.payload) > %(most)s then true
                    else octet_length(e.payload::text) > %(most)s end as omitted) s
     where e.id = f.id and e.at = f.at limit 1) x on true
 order by f.id desc
