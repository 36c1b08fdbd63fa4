-- name: open_campaign
-- Begin the run of a brief; the same brief event again finds its row, also one that was rejected.
insert into creative.campaign as c (run_id, org_id, campaign_id, event_id, brief_key, brief_version,
                                    message, audience, region, style, output, state, created_at)
values (%(run_id)s, %(org_id)s, %(campaign_id)s, %(event_id)s, %(brief_key)s, %(brief_version)s,
        %(message)s, %(audience)s, %(region)s, %(style)s::jsonb, %(output)s, 'processing', %(created_at)s)
on conflict (run_id) do update
   set campaign_id = excluded.campaign_id, message = excluded.message,
       audience = excluded.audience, region = excluded.region, style = excluded.style,
       output = excluded.output, state = 'processing', problems = '[]', error = '', ended_at = null

-- name: output_taken
-- Whether another run has this output folder.
select 1 as taken from creative.campaign
 where org_id = %(org_id)s and output = %(output)s and run_id <> %(run_id)s

-- name: add_products
-- The products of a run.
insert into creative.product (run_id, org_id, idx, name, description, asset_key, generate_key, compose_key)
select %(run_id)s, %(org_id)s, t.ordinality - 1, t.name, t.description, t.asset, t.generate, t.compose
  from unnest(%(names)s::text[], %(descriptions)s::text[], %(assets)s::text[],
              %(generate_keys)s::text[], %(compose_keys)s::text[])
       with ordinality as t(name, description, asset, generate, compose)
on conflict do nothing

-- name: reject_campaign
-- The run of a brief that cannot be read.
insert into creative.campaign as c (run_id, org_id, campaign_id, event_id, brief_key, brief_version,
                                    state, problems, error, created_at, ended_at)
values (%(run_id)s, %(org_id)s, '', %(event_id)s, %(brief_key)s, %(brief_version)s, 'rejected',
        %(problems)s::jsonb, %(error)s, %(at)s, %(at)s)
on conflict (run_id) do nothing

-- name: find_picture
-- A picture that was made from these inputs before.
select hash, object_key, facts from creative.picture where org_id = %(org_id)s and hash = %(hash)s

-- name: find_pictures
-- Those of these pictures that were made before.
select hash, object_key, facts from creative.picture
 where org_id = %(org_id)s and hash = any (%(hashes)s::text[])

-- name: add_picture
-- Remember what was made from these inputs; what is made again stands from then on.
insert into creative.picture as p (org_id, hash, object_key, facts)
values (%(org_id)s, %(hash)s, %(object_key)s, %(facts)s::jsonb)
on conflict (org_id, hash) do update
   set object_key = excluded.object_key, facts = excluded.facts, made_at = excluded.made_at

-- name: set_image
-- A product has its picture.
update creative.product
   set image_key = %(image_key)s, image_source = %(image_source)s, image_reused = %(reused)s,
       image_facts = %(facts)s::jsonb, generate_task = %(task)s, compose_key = %(compose_key)s,
       state = 'imaged', failure = null, updated_at = clock_timestamp()
 where run_id = %(run_id)s and idx = %(idx)s and (state <> 'done' or %(again)s)

-- name: finish_product
-- A product has all its variants.
update creative.product
   set variants = %(variants)s::jsonb, warnings = %(warnings)s::jsonb, state = 'done',
       image_key = %(image_key)s, image_source = coalesce(image_source, 'existing'),
       compose_task = %(task)s, failure = null, updated_at = clock_timestamp()
 where run_id = %(run_id)s and idx = %(idx)s

-- name: fail_product
-- A product failed for good, unless it was redriven since: its dead letter is not open any more.
-- One whose task was cancelled has none.
update creative.product p
   set state = 'failed', failure = %(failure)s::jsonb, updated_at = clock_timestamp()
 where run_id = %(run_id)s and idx = %(idx)s and state <> 'done'
   and (%(dead_letter)s::bigint is null
        or exists (select 1 from core.dead_letter d
                    where d.id = %(dead_letter)s and d.state = 'open'))
returning run_id

-- name: campaign
-- One run.
select run_id, org_id, campaign_id, event_id, brief_key, message, audience, region, style, output,
       state, problems, error, revision, created_at, ended_at
  from creative.campaign where org_id = %(org_id)s and run_id = %(run_id)s

-- name: products
-- The products of some runs, in order.
select run_id, idx, name, description, asset_key, image_key, image_source, image_reused,
       image_facts, state, variants, warnings, failure, generate_key, generate_task, compose_key,
       compose_task
  from creative.product where run_id = any (%(run_ids)s::uuid[]) order by run_id, idx

-- name: charges
-- The ledger of a run.
select idx, model, micros, currency, unit, price_as_of, price_source, state, request_id, note, at
  from creative.charge where run_id = %(run_id)s order by id

-- name: set_campaign_state
-- Where a run is, as its newest manifest says.
update creative.campaign
   set state = %(state)s, revision = %(revision)s,
       ended_at = case when %(state)s = 'processing' then null else %(at)s::timestamptz end
 where org_id = %(org_id)s and run_id = %(run_id)s and revision < %(revision)s

-- name: list_campaigns
-- The newest runs, newest first: of a state, with some words in their id or message.
select c.run_id, c.campaign_id, c.brief_key, c.message, c.output, c.state, c.problems, c.error,
       c.created_at, c.ended_at, p.products, p.names, p.failed, p.images, coalesce(m.micros, 0) as cost_micros
  from creative.campaign c
 cross join lateral (
    select count(*) as products, count(*) filter (where state = 'failed') as failed,
           coalesce(sum(jsonb_array_length(variants)), 0)::int as images,
           coalesce(array_agg(name order by idx) filter (where idx < 3), '{}') as names
      from creative.product where run_id = c.run_id) p
 cross join lateral (
    select sum(micros)::bigint as micros from creative.charge
     where run_id = c.run_id and state = 'charged') m
 where c.org_id = %(org_id)s
   and (%(before)s::timestamptz is null or (c.created_at, c.run_id) < (%(before)s, %(before_id)s::uuid))
   and (%(state)s::text is null or c.state = %(state)s)
   and (%(words)s::text is null
        or strpos(lower(c.campaign_id || ' ' || c.message), lower(%(words)s)) > 0)
 order by c.created_at desc, c.run_id desc limit %(limit)s

-- name: steps_at_work
-- The tasks that make pictures and variants of a run now, or wait to: those of the products' keys.
with steps as materialized (
    select p.idx, s.job, 'k' || split_part(s.key, '/', 1) as ckey
      from creative.product p
     cross join lateral (values ('generate', p.generate_key), ('compose', p.compose_key)) s(job, key)
     where p.run_id = %(run_id)s and s.key is not null and p.state in ('waiting', 'imaged')
), jobs as materialized (
    select j.id, j.name from core.job j join core.dag d on d.id = j.dag_id
     where d.org_id = %(org_id)s and d.name = 'creative' and j.removed_at is null
)
select s.idx, s.job as step, l.task_id, l.attempt, true as running, l.leased_at as at
  from steps s join jobs j on j.name = s.job join core.task_lease l on l.job_id = j.id and l.ckey = s.ckey
union all
select s.idx, s.job, t.id, t.attempt, false, t.run_at
  from steps s join jobs j on j.name = s.job join core.task_pending t on t.job_id = j.id and t.ckey = s.ckey
 order by idx, running desc

-- name: reopen_product
-- A product and its run move again: what there is of it stays until it is replaced. One that is being
-- made is left alone.
with moved as (
    update creative.product
       set state = %(state)s, failure = null, updated_at = clock_timestamp()
     where run_id = %(run_id)s and idx = %(idx)s and state in ('done', 'failed')
    returning run_id
)
update creative.campaign set state = 'processing', ended_at = null
 where run_id in (select run_id from moved) and org_id = %(org_id)s
returning run_id

-- name: intend_charge
-- Before the provider is asked. An earlier attempt that left an intent behind died in mid-call: it
-- may have been charged, and the ledger says so.
with unsure as (
    update creative.charge
       set state = 'uncertain', settled_at = clock_timestamp(),
           note = 'the attempt ended before its answer was written down'
     where task_id = %(task_id)s and state = 'intent'
)
insert into creative.charge (org_id, run_id, idx, task_id, attempt, input_hash, model, micros,
                             currency, unit, price_as_of, price_source, state)
values (%(org_id)s, %(run_id)s, %(idx)s, %(task_id)s,
        (select coalesce(max(attempt), 0) + 1 from creative.charge where task_id = %(task_id)s),
        %(input_hash)s, %(model)s, %(micros)s, %(currency)s, %(unit)s, %(price_as_of)s,
        %(price_source)s, 'intent')
returning id

-- name: settle_charge
-- What became of an intent. A picture that was paid for already is not charged again.
update creative.charge
   set state = case when %(state)s = 'charged' and exists (
                        select 1 from creative.charge o
                         where o.org_id = charge.org_id and o.input_hash = charge.input_hash
                           and o.state = 'charged' and o.id <> charge.id)
                    then 'uncertain' else %(state)s end,
       request_id = %(request_id)s, note = %(note)s, settled_at = clock_timestamp()
 where id = %(id)s and state = 'intent'

-- name: charge_found
-- The picture of an attempt that died after storing it: what was an intent was a charge.
update creative.charge
   set state = 'charged', settled_at = clock_timestamp(), note = 'found after the attempt died'
 where id = (select max(id) from creative.charge
              where org_id = %(org_id)s and input_hash = %(input_hash)s and state = 'intent')
   and not exists (select 1 from creative.charge o
                    where o.org_id = %(org_id)s and o.input_hash = %(input_hash)s
                      and o.state = 'charged')
