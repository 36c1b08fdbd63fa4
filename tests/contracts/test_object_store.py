"""What every object store must do, whichever adapter it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from s3_server import KEYS, S3Server, running_s3

from headgate.ports.object_store import (
    BadKey,
    ObjectMissing,
    ObjectStore,
    ObjectStoreError,
    PutConflict,
    StoreUnavailable,
)
from headgate.ports.object_store.local import LocalObjectStore
from headgate.ports.object_store.s3 import S3ObjectStore

BRIEF = "input/campaign-briefs/spring.json"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

property_test = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[S3Server]:
    with running_s3() as server:
        yield server


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty store of each adapter, its bucket with versioning as production should have it."""
    if request.param == "local":
        return LocalObjectStore(tmp_path / "objects", base_url="http://test", secret=b"k" * 32)
    server: S3Server = request.getfixturevalue("s3_server")
    return S3ObjectStore(
        server.new_bucket(), prefix="some/where", endpoint=server.endpoint, allow_http=True, **KEYS
    )


@pytest.fixture(params=["local", "s3"])
async def lost_store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """A store whose place is gone."""
    if request.param == "local":
        store = LocalObjectStore(tmp_path / "objects", base_url="http://test", secret=b"k" * 32)
        (tmp_path / "objects").rename(tmp_path / "moved")
        return store
    server: S3Server = request.getfixturevalue("s3_server")
    return S3ObjectStore("no-such-bucket", endpoint=server.endpoint, allow_http=True, **KEYS)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def keys_of(store: ObjectStore, prefix: str = "", *, after: str = "") -> list[str]:
    return [info.key async for info in store.list(prefix, after=after)]


async def test_an_object_comes_back_as_it_was_put(store: ObjectStore):
    put = await store.put(BRIEF, b'{"name": "spring"}')
    assert await store.get(BRIEF) == b'{"name": "spring"}'
    assert (put.key, put.size, put.content_type) == (BRIEF, 18, "application/json")
    assert put.modified.utcoffset() == timedelta(0)


async def test_the_put_and_any_later_look_agree_on_every_field(store: ObjectStore):
    put = await store.put(BRIEF, b"{}")
    assert await store.head(BRIEF) == put
    assert [info async for info in store.list()] == [put]
    assert (await store.versions(BRIEF))[0] == put


@pytest.mark.parametrize("size", [0, 1, 6_000_000])
async def test_objects_of_any_size_are_kept_whole(store: ObjectStore, size: int):
    data = bytes(range(256)) * (size // 256 + 1)
    put = await store.put("video.mp4", data[:size])
    assert put.size == size
    assert await store.get("video.mp4") == data[:size]


async def test_a_put_replaces_the_object(store: ObjectStore):
    await store.put("a.txt", b"old")
    await store.put("a.txt", b"new")
    assert await store.get("a.txt") == b"new"
    assert await keys_of(store) == ["a.txt"]


async def test_what_is_not_there_is_missing(store: ObjectStore):
    for look in (store.get("no"), store.head("no"), store.get_range("no", 0, 1)):
        with pytest.raises(ObjectMissing, match="'no'"):
            await look
    with pytest.raises(ObjectMissing):
        await store.get_range("no", 1, 1)
    assert list(await store.versions("no")) == []
    assert await keys_of(store) == []


async def test_a_deleted_object_is_gone_from_reads_and_listings(store: ObjectStore):
    await store.put("a/b.txt", b"x")
    await store.delete("a/b.txt")
    await store.delete("a/b.txt")
    with pytest.raises(ObjectMissing):
        await store.get("a/b.txt")
    with pytest.raises(ObjectMissing):
        await store.head("a/b.txt")
    assert await keys_of(store) == []


async def test_the_content_type_follows_the_ending_unless_it_is_given(store: ObjectStore):
    guessed = {
        "a.JPG": "image/jpeg",
        "a.webp": "image/webp",
        "a.parquet": "application/vnd.apache.parquet",
        "a.csv": "text/csv",
        "a.mp4": "video/mp4",
        "json": "application/octet-stream",
        "a.b/c": "application/octet-stream",
    }
    for key, expected in guessed.items():
        assert (await store.put(key, b"x")).content_type == expected
    given_type = await store.put("a.bin", b"x", content_type="application/x-thing")
    assert given_type.content_type == "application/x-thing"
    assert await store.head("a.bin") == given_type
    back = await store.put("a.bin", b"x")
    assert back.content_type == (await store.head("a.bin")).content_type
    assert back.content_type == "application/octet-stream"


async def test_the_etag_changes_with_the_bytes_and_the_version_with_every_put(store: ObjectStore):
    puts = [await store.put("a", data) for data in (b"one", b"one", b"two", b"one")]
    assert [put.etag == puts[0].etag for put in puts] == [True, True, False, True]
    assert len({put.version for put in puts}) == 4


async def test_a_replaced_version_stays_readable(store: ObjectStore):
    first = await store.put("a.json", b"1", content_type="text/plain")
    second = await store.put("a.json", b"2")
    await store.delete("a.json")
    third = await store.put("a.json", b"3")
    for put, data in ((first, b"1"), (second, b"2"), (third, b"3")):
        assert await store.get("a.json", version=put.version) == data


@pytest.mark.parametrize("version", ["", "nonsense", "../../../etc/passwd", "id-nonsense", "put-x"])
async def test_a_version_that_never_was_is_missing(store: ObjectStore, version: str):
    await store.put("a", b"1")
    with pytest.raises(ObjectMissing):
        await store.get("a", version=version)


async def test_if_absent_stores_only_a_new_key(store: ObjectStore):
    first = await store.put("a", b"1", if_absent=True)
    with pytest.raises(PutConflict, match="'a'"):
        await store.put("a", b"2", if_absent=True)
    assert await store.head("a") == first
    await store.delete("a")
    await store.put("a", b"3", if_absent=True)
    assert await store.get("a") == b"3"


async def test_if_match_replaces_only_the_object_it_names(store: ObjectStore):
    first = await store.put("a", b"1")
    second = await store.put("a", b"2", if_match=first.etag)
    with pytest.raises(PutConflict, match="'a'"):
        await store.put("a", b"3", if_match=first.etag)
    assert await store.head("a") == second
    with pytest.raises(PutConflict):
        await store.put("folder/b", b"3", if_match=first.etag)
    assert await keys_of(store) == ["a"]


async def test_a_put_cannot_have_two_conditions(store: ObjectStore):
    with pytest.raises(ValueError, match="exclude"):
        await store.put("a", b"", if_absent=True, if_match="x")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 4, b"0123"),
        (2, 5, b"234"),
        (8, 99, b"89"),
        (10, 12, b""),
        (3, 3, b""),
        (5, 2, b""),
        (-5, 2, b"01"),
    ],
)
async def test_a_range_is_clipped_to_the_object(
    store: ObjectStore, start: int, end: int, expected: bytes
):
    await store.put("a", b"0123456789")
    assert await store.get_range("a", start, end) == expected


async def test_a_listing_is_in_key_order_across_folders(store: ObjectStore):
    keys = ["a-b", "a/b", "a.b", "a0", "a/b-c", "a/bc/d", "z", "é", "Z", "\U0001f600", "\ue000"]
    for key in keys:
        await store.put(key, b"x")
    assert await keys_of(store) == sorted(keys, key=str.encode)


async def test_a_prefix_is_text_and_need_not_end_at_a_folder(store: ObjectStore):
    for key in ("in/a", "in/ab/c", "in/b", "into", "i"):
        await store.put(key, b"x")
    assert await keys_of(store, "in") == ["in/a", "in/ab/c", "in/b", "into"]
    assert await keys_of(store, "in/") == ["in/a", "in/ab/c", "in/b"]
    assert await keys_of(store, "in/a") == ["in/a", "in/ab/c"]
    assert await keys_of(store, "in/a", after="in/a") == ["in/ab/c"]
    assert await keys_of(store, "in/", after="in/ab/") == ["in/ab/c", "in/b"]
    for nothing in ("/", "in//", "../", "in/../in/a", "nowhere/", ".headgate/"):
        assert await keys_of(store, nothing) == []


async def test_a_listing_goes_on_after_more_than_one_page(store: ObjectStore):
    keys = [f"{number % 3}/{number:03}" for number in range(150)]
    for key in keys:
        await store.put(key, b"")
    assert await keys_of(store) == sorted(keys)
    assert await keys_of(store, after="1/100") == [key for key in sorted(keys) if key > "1/100"]


letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/")
segments = st.text(letters, min_size=1, max_size=12).filter(lambda each: each not in {".", ".."})
valid_keys = (
    st.lists(segments, min_size=1, max_size=4)
    .filter(lambda each: each[0].lower() != ".headgate")
    .map("/".join)
)


@property_test
@given(key=valid_keys, data=st.binary(max_size=50))
async def test_any_valid_key_comes_back(store: ObjectStore, key: str, data: bytes):
    put = await store.put(key, data)
    assert await store.get(key, version=put.version) == data
    assert [info async for info in store.list(key)] == [put]
    await store.delete(key)
    assert await keys_of(store) == []


@property_test
@given(
    keys=st.sets(
        st.lists(st.text("ab-.0", min_size=1, max_size=2), min_size=1, max_size=3).map("/".join)
    ),
    prefix=st.text("ab-./", max_size=3),
    after=st.text("ab-./0", max_size=4),
)
async def test_a_listing_has_what_its_prefix_and_start_say(
    store: ObjectStore, keys: set[str], prefix: str, after: str
):
    segments_of = [key.split("/") for key in keys]
    assume(all(segment not in {".", ".."} for each in segments_of for segment in each))
    folders = {"/".join(each[:end]) for each in segments_of for end in range(1, len(each))}
    keys -= folders  # a local folder cannot be an object too
    for key in keys:
        await store.put(key, b"")
    try:
        expected = sorted(key for key in keys if key.startswith(prefix) and key > after)
        assert await keys_of(store, prefix, after=after) == expected
    finally:
        for key in keys:
            await store.delete(key)


BAD_KEYS = [
    "",
    "/",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "../a",
    "a/../b",
    "a/./b",
    "a/..",
    "a\nb",
    "a\0b",
    "a\x7fb",
    "a\x85b",
    "lone\ud800",
    "x" * 901,
    "é" * 451,
    "x" * 256,
    ".headgate/locks/00",
    ".HEADGATE/tmp",
    ".headgate",
]


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_a_bad_key_is_refused_by_every_door(store: ObjectStore, key: str):
    doors = (
        store.put(key, b"x"),
        store.get(key),
        store.get_range(key, 0, 1),
        store.head(key),
        store.versions(key),
        store.delete(key),
    )
    for door in doors:
        with pytest.raises(BadKey, match="no valid key"):
            await door
    with pytest.raises(BadKey):
        store.sign("PUT", key, now=NOW, lifetime=timedelta(minutes=1))


@property_test
@given(
    key=st.lists(
        st.sampled_from(["..", ".", "", "a", "~", "etc", "\0", "C:", "%2e%2e", "..\\"])
    ).map("/".join)
)
async def test_no_key_reaches_outside_the_store(store: ObjectStore, tmp_path: Path, key: str):
    (tmp_path / "outside").write_bytes(b"untouched")
    try:
        await store.put(key, b"hostile")
    except BadKey:
        assert await keys_of(store) == []
    else:
        assert await keys_of(store) == [key]
        await store.delete(key)
    assert names_in(tmp_path) <= {"objects", "outside"}
    assert (tmp_path / "outside").read_bytes() == b"untouched"


async def test_a_key_of_full_length_fits(store: ObjectStore):
    key = "/".join(["é" * 127] * 3 + ["x" * 135])
    assert len(key.encode()) == 900
    await store.put(key, b"x")
    await store.put(key, b"y")
    assert await keys_of(store) == [key]


async def test_a_link_needs_a_lifetime(store: ObjectStore):
    with pytest.raises(ValueError, match="above zero"):
        store.sign("GET", "a", now=NOW, lifetime=timedelta(0))


async def test_check_passes_on_a_working_store_and_leaves_nothing_to_see(store: ObjectStore):
    await store.check()
    await store.check()
    assert await keys_of(store) == []


async def test_a_lost_store_says_so_at_every_door(lost_store: ObjectStore):
    for door in (
        lost_store.check(),
        lost_store.put("a", b"x"),
        lost_store.get("a"),
        keys_of(lost_store),
        lost_store.delete("a"),
    ):
        with pytest.raises(StoreUnavailable, match=r"no-such-bucket|is gone") as caught:
            await door
        assert isinstance(caught.value, ObjectStoreError)
        assert caught.value.retry
