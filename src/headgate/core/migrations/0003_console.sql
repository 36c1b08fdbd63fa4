-- What the console draws: how much waited, ran and ended, every ten seconds.

-- A row tells of the span (at - seconds, at]: what ended in it, and what waited and ran at its end. No
-- row: there was nothing to tell. Figures, not the truth: nothing is decided by them.
create table core.sample (
    at timestamptz not null,
    org_id int not null,
    job_id int not null, -- 0: all jobs of the org together, so that no reader has to add up a thousand
    seconds real not null,
    jobs int not null, -- that had something to tell
    held int not null, -- of them, by backpressure
    reasons text[], -- of the holds of one job
    waiting bigint not null, -- tasks, delayed ones among them
    delayed bigint not null,
    running bigint not null,
    units bigint not null, -- numbers in the ranges that wait
    bytes bigint not null, -- of payload that waits
    oldest_seconds real not null, -- age of the oldest task that waits
    succeeded bigint not null,
    failed bigint not null, -- attempts that are tried again
    dead bigint not null
) partition by range (at);
create index sample_series on core.sample (org_id, job_id, at);
create table core.sample_default partition of core.sample default;

-- The sampler reads the last seconds of the history. Rows come in the order of their time, so a few
-- bytes for each half megabyte find them, and a completion pays nothing. Ranges that are not summarized
-- are read whole: autovacuum summarizes them as they fill, and smaller ones would fill faster than it
-- takes note of them (256 a round). The index of a table that is full reads it once, about a second
-- for a million rows, in which completions wait.
create index task_history_done on core.task_history
    using brin (done_at) with (pages_per_range = 64, autosummarize = on);

-- As before, and for samples, too.
create or replace function core.ensure_partitions(p_from date, p_to date) returns int language plpgsql as $$
declare parent text; at_column text; day date; name text; low text; high text; made int := 0;
begin
    foreach parent in array array['event', 'task_history', 'task_log', 'sample'] loop
        at_column := case parent when 'task_history' then 'done_at' else 'at' end;
        for day in select d::date from generate_series(p_from, p_to, interval '1 day') d loop
            name := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
            low := day::text || ' 00:00:00+00';
            high := (day + 1)::text || ' 00:00:00+00';
            continue when to_regclass('core.' || name) is not null;
            execute format('create table core.%I (like core.%I including defaults including constraints)',
                name, parent);
            -- Nobody writes into the default partition between the move and the attachment.
            execute format('lock table core.%I in access exclusive mode', parent || '_default');
            execute format('with moved as (delete from core.%1$I where %2$I >= %3$L and %2$I < %4$L'
                ' returning *) insert into core.%5$I select * from moved',
                parent || '_default', at_column, low, high, name);
            execute format('alter table core.%I attach partition core.%I for values from (%L) to (%L)',
                parent, name, low, high);
            made := made + 1;
        end loop;
    end loop;
    return made;
end $$;
