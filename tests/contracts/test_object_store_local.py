"""What only a folder does: files that others drop, links, full disks, old versions, our own URLs."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from headgate.ports.object_store import (
    BadKey,
    ObjectMissing,
    PutConflict,
    StoreUnavailable,
)
from headgate.ports.object_store.local import LocalObjectStore

MINUTE = timedelta(minutes=1)
A_TICK = 0.03  # file times advance in steps of up to 10 ms
BRIEF = "input/campaign-briefs/spring.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


def store_in(root: Path, *, keep_versions: int = 10, secret: bytes = b"k" * 32) -> LocalObjectStore:
    return LocalObjectStore(
        root, base_url="http://test/", secret=secret, keep_versions=keep_versions
    )


@pytest.fixture
def store(root: Path) -> LocalObjectStore:
    return store_in(root)


def drop(root: Path, key: str, data: bytes) -> Path:
    path = root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def keys_of(store: LocalObjectStore) -> list[str]:
    return [info.key async for info in store.list()]


async def test_an_object_is_a_plain_file_at_its_key(store: LocalObjectStore, root: Path):
    await store.put(BRIEF, b"{}")
    assert (root / BRIEF).read_bytes() == b"{}"
    assert (root / BRIEF).stat().st_nlink == 1


async def test_a_dropped_file_is_an_object(store: LocalObjectStore, root: Path):
    drop(root, BRIEF, b"{}")
    info = await store.head(BRIEF)
    assert (info.size, info.content_type) == (2, "application/json")
    assert await store.get(BRIEF, version=info.version) == b"{}"
    assert info.etag == (await store.put("same.json", b"{}")).etag


async def test_the_version_of_a_drop_holds_until_the_next_drop(store: LocalObjectStore, root: Path):
    drop(root, BRIEF, b"{}")
    first = await store.head(BRIEF)
    assert await store.head(BRIEF) == first
    assert [info async for info in store_in(root).list()] == [first]
    await asyncio.sleep(A_TICK)
    drop(root, BRIEF, b"{}")
    second = await store.head(BRIEF)
    assert second.version != first.version
    assert second.etag == first.etag
    (root / "new").write_bytes(b"{}")
    os.utime(root / "new", ns=((root / BRIEF).stat().st_mtime_ns,) * 2)
    (root / "new").rename(root / BRIEF)
    assert (await store.head(BRIEF)).version not in {first.version, second.version}


async def test_an_edit_that_hides_behind_its_old_time_still_changes_the_etag(
    store: LocalObjectStore, root: Path
):
    path = drop(root, "a", b"one")
    await asyncio.sleep(A_TICK)
    before = await store.head("a")
    stat = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (await store.head("a")).etag != before.etag


async def test_quick_edits_of_the_same_size_all_show(store: LocalObjectStore, root: Path):
    etags = []
    for number in range(50):
        drop(root, "a", b"%02d" % number)
        etags.append((await store.head("a")).etag)
    assert len(set(etags)) == 50


async def test_another_process_learns_the_etag_of_a_large_file_without_reading_it(
    store: LocalObjectStore, root: Path
):
    path = drop(root, "video.mp4", b"")
    os.truncate(path, 64 << 20)
    await asyncio.sleep(A_TICK)
    first = await store.head("video.mp4")
    started = time.process_time()
    assert await store_in(root).head("video.mp4") == first
    assert time.process_time() - started < 0.02  # to hash it takes 50 ms
    with path.open("r+b") as file:
        file.write(b"x")
    assert (await store_in(root).head("video.mp4")).etag != first.etag


async def test_a_put_over_a_drop_keeps_the_dropped_bytes(store: LocalObjectStore, root: Path):
    drop(root, BRIEF, b"dropped")
    dropped = await store.head(BRIEF)
    put = await store.put(BRIEF, b"put", if_match=dropped.etag)
    assert await store.get(BRIEF, version=dropped.version) == b"dropped"
    assert await store.versions(BRIEF) == [put, dropped]


async def test_only_the_newest_old_versions_are_kept(root: Path):
    store = store_in(root, keep_versions=2)
    puts = [await store.put("a.json", b"%d" % each, content_type="x/y") for each in range(5)]
    assert await store.versions("a.json") == puts[:1:-1]
    await store.delete("a.json")
    assert await store.versions("a.json") == puts[:2:-1]
    with pytest.raises(ObjectMissing, match="no version"):
        await store.get("a.json", version=puts[2].version)
    await store.put("b", b"1")
    unkept = store_in(root, keep_versions=0)
    await unkept.put("b", b"2")
    await unkept.delete("b")
    assert await unkept.versions("b") == []


async def test_old_versions_expire_by_the_time_they_were_replaced(store: LocalObjectStore):
    early = await store.put("a.bin", b"1", content_type="x/y")
    await store.put("a.bin", b"2")
    await store.put("gone", b"3")
    await store.delete("gone")
    assert await store.expire_versions(before=early.modified - MINUTE) == 0
    assert await store.expire_versions(before=early.modified + MINUTE) == 2
    assert await store.expire_versions(before=early.modified + MINUTE) == 0
    assert await store.get("a.bin") == b"2"
    assert len(await store.versions("a.bin")) == 1
    assert await store.versions("gone") == []


async def test_folders_left_empty_go_and_others_stay(store: LocalObjectStore, root: Path):
    await store.put("a/b/c/d", b"x")
    await store.put("a/e", b"x")
    await store.delete("a/b/c/d")
    assert names_in(root / "a") == ["e"]
    await store.delete("a/e")
    assert names_in(root) == [".headgate"]


async def test_a_key_cannot_be_object_and_folder(store: LocalObjectStore):
    await store.put("a/b", b"x")
    with pytest.raises(BadKey, match="'a' cannot be stored: it is a folder"):
        await store.put("a", b"x")
    for condition in ({}, {"if_absent": True}, {"if_match": "x"}):
        with pytest.raises(BadKey, match="'a/b' is a file"):
            await store.put("a/b/c", b"x", **condition)
    for missing in ("a", "a/b/c"):
        with pytest.raises(ObjectMissing):
            await store.head(missing)
        await store.delete(missing)
    assert await keys_of(store) == ["a/b"]


async def test_a_failed_condition_leaves_no_folder_behind(store: LocalObjectStore, root: Path):
    with pytest.raises(PutConflict):
        await store.put("a/b", b"x", if_match="something")
    assert not (root / "a").exists()


async def test_files_with_names_that_are_no_keys_stay_out_of_listings(
    store: LocalObjectStore, root: Path
):
    drop(root, "line\nbreak", b"x")
    (root / os.fsdecode(b"latin-\xe9")).write_bytes(b"x")
    os.mkfifo(root / "pipe")
    drop(root, "good", b"x")
    assert await keys_of(store) == ["good"]
    with pytest.raises(ObjectMissing):
        await store.get("pipe")
    with pytest.raises(BadKey, match="no plain file"):
        await store.put("pipe", b"x")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    drop(tmp_path, "outside/secret", b"secret")
    return tmp_path / "outside"


async def test_links_out_of_the_store_are_never_followed(
    store: LocalObjectStore, root: Path, outside: Path
):
    (root / "link").symlink_to(outside / "secret")
    (root / "dir").symlink_to(outside)
    for key in ("link", "dir/secret", "dir"):
        for door in (store.get(key), store.head(key), store.get_range(key, 0, 9)):
            with pytest.raises(ObjectMissing):
                await door
        await store.delete(key)
    for key in ("link", "dir", "dir/secret", "dir/new", "dir/deep/new"):
        for condition in ({}, {"if_absent": True}, {"if_match": "x"}):
            with pytest.raises(BadKey, match="symbolic link, which is never followed"):
                await store.put(key, b"hostile", **condition)
    assert await keys_of(store) == []
    assert names_in(root) == [".headgate", "dir", "link"]
    assert names_in(outside) == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"


async def test_a_link_in_the_place_of_the_hidden_folder_is_refused(
    store: LocalObjectStore, root: Path, outside: Path
):
    shutil.rmtree(root / ".headgate", ignore_errors=True)
    (root / ".headgate").symlink_to(outside)
    with pytest.raises(StoreUnavailable, match=r"'\.headgate' is a symbolic link"):
        await store.put("a", b"x")
    assert names_in(outside) == ["secret"]


async def test_the_root_itself_may_be_a_link_and_the_hidden_folder_may_be_removed(tmp_path: Path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "objects").symlink_to(tmp_path / "disk")
    store = store_in(tmp_path / "objects")
    await store.put("a", b"1")
    shutil.rmtree(tmp_path / "disk/.headgate")
    await store.put("a", b"2")
    assert (tmp_path / "disk/a").read_bytes() == b"2"


@contextmanager
def tiny_disk(path: Path) -> Iterator[Path]:
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(path)]
    if (
        shutil.which("mount") is None
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("needs to mount a small disk, which only root may")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


async def test_a_full_disk_is_named_and_leaves_the_old_object_whole(tmp_path: Path):
    with tiny_disk(tmp_path / "disk") as disk:
        store = store_in(disk)
        old = await store.put("a", bytes(50_000))
        with pytest.raises(
            StoreUnavailable, match=rf"{disk} cannot store 'a': its disk is full.*Free"
        ):
            await store.put("a", bytes(300_000))
        assert await store.head("a") == old
        assert names_in(disk / ".headgate/tmp") == []
        make_read_only(disk)
        with pytest.raises(StoreUnavailable, match="mounted read-only"):
            await store.put("a", b"x")
        with pytest.raises(StoreUnavailable, match="mounted read-only"):
            await store.check()
        assert await store_in(disk).get("a") == bytes(50_000)


@contextmanager
def without_permission(path: Path) -> Iterator[None]:
    """Run as a user who may look at `path` but not into it."""
    mode = path.stat().st_mode
    if os.geteuid() == 0:
        path.chmod(0o600 if path.is_file() else 0o755)
        with nobody():
            yield
    else:
        path.chmod(0o000 if path.is_file() else 0o555)
        yield
    path.chmod(mode)


@contextmanager
def nobody() -> Iterator[None]:
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A root folder that every user can reach, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "objects"


async def test_a_file_we_may_not_read_is_listed_and_named_when_it_is_read(open_root: Path):
    store = store_in(open_root)
    path = drop(open_root, "locked.json", b"{}")
    drop(open_root, "open.json", b"{}")
    with without_permission(path):
        assert await keys_of(store) == ["locked.json", "open.json"]
        with pytest.raises(StoreUnavailable, match=r"cannot read 'locked.json'.*no permission"):
            await store.get("locked.json")


async def test_a_put_over_another_users_file_keeps_its_bytes(open_root: Path):
    if os.geteuid() != 0:
        pytest.skip("needs a file of another user, which only root can make")
    store = store_in(open_root)
    drop(open_root, "a.json", b"of root")
    os.chown(open_root, 65534, 65534)
    shutil.rmtree(open_root / ".headgate", ignore_errors=True)
    with nobody():
        dropped = await store.head("a.json")
        await store.put("a.json", b"of nobody")
        assert await store.get("a.json", version=dropped.version) == b"of root"
        assert await store.get("a.json") == b"of nobody"


async def test_a_folder_we_may_not_write_is_named(open_root: Path):
    store = store_in(open_root)
    await store.put("a", b"x")
    with without_permission(open_root / ".headgate/tmp"):
        with pytest.raises(StoreUnavailable, match=r"cannot store 'b'.*no permission.*Give it"):
            await store.put("b", b"x")
        assert await store.get("a") == b"x"


async def test_a_root_that_comes_back_is_used_again(store: LocalObjectStore, root: Path):
    await store.put("a", b"x")
    shutil.move(root, root.with_name("away"))
    with pytest.raises(StoreUnavailable, match=r"gone.*not mounted"):
        await store.put("b", b"x")
    assert names_in(root.parent) == ["away"]
    shutil.move(root.with_name("away"), root)
    assert await store.get("a") == b"x"


def test_a_root_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match=str(tmp_path / "file")):
        store_in(tmp_path / "file")
