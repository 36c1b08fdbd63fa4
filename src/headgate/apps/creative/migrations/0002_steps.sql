-- What a product's two steps are made from (the keys of their events: the first part names the task's
-- partition, and the whole is what to invalidate when a result is not right) and who made them last.
alter table creative.product
    add column generate_key text,
    add column generate_task bigint,
    add column compose_key text,
    add column compose_task bigint;

alter table creative.campaign
    add column audience text not null default '',
    add column region text not null default '';
