-- name: claim
-- Take a key: one that is new, that has expired, or that was left unanswered by a request that is
-- gone. Without a row it is somebody else's.
insert into core.idempotent_reply as r (org_id, key, request_hash)
values (%(org_id)s, %(key)s, %(request_hash)s)
on conflict (org_id, key) do update
   set request_hash = excluded.request_hash, status = null, headers = null, body = null,
       at = clock_timestamp()
 where r.at < clock_timestamp() - make_interval(secs => %(keep)s)
    or (r.status is null and r.request_hash = excluded.request_hash
        and r.at < clock_timestamp() - make_interval(secs => %(abandoned)s))
returning at

-- name: find_reply
-- What is known of a key.
select request_hash, status, headers, body from core.idempotent_reply
 where org_id = %(org_id)s and key = %(key)s

-- name: keep_reply
-- Keep the answer, if the key was not taken over in the meantime.
update core.idempotent_reply set status = %(status)s, headers = %(headers)s::jsonb, body = %(body)s
 where org_id = %(org_id)s and key = %(key)s and at = %(at)s

-- name: release
-- Free a key whose request did nothing.
delete from core.idempotent_reply
 where org_id = %(org_id)s and key = %(key)s and at = %(at)s and status is null
