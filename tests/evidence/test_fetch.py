import hashlib
from pathlib import Path

import pytest
from faulty import Publisher

from headway.core.errors import EvidenceError
from headway.evidence.fetch import ManifestFile, fetch


def entry(server: Publisher, *fallbacks: str, path: str = "table.csv") -> ManifestFile:
    return ManifestFile(
        path=f"folder/{path}",
        role="table",
        adapter="worldbank_wdi",
        source="worldbank_wdi",
        url=server.url(path),
        fallbacks=tuple(server.url(path) for path in fallbacks),
        sha256="0" * 64,
        retrieved_on="2026-01-01",  # type: ignore[arg-type]
    )


def published(server: Publisher) -> bytes:
    return (server.folder / "table.csv").read_bytes()


def test_a_file_arrives_as_published(server: Publisher, tmp_path: Path) -> None:
    path = fetch(entry(server), tmp_path / "cache", known_hash=hashlib.sha256(published(server)).hexdigest())
    assert path == tmp_path / "cache" / "folder" / "table.csv"
    assert path.read_bytes() == published(server)


def test_a_file_with_the_right_hash_is_not_fetched_again(server: Publisher, tmp_path: Path) -> None:
    digest = hashlib.sha256(published(server)).hexdigest()
    fetch(entry(server), tmp_path, known_hash=digest)
    fetch(entry(server), tmp_path, known_hash=digest)
    assert server.asked == ["table.csv"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_moved_file_is_followed(server: Publisher, tmp_path: Path, status: int) -> None:
    server.faults["old.csv"] = [f"moved:{status}:table.csv"]
    assert fetch(entry(server, path="old.csv"), tmp_path).read_bytes() == published(server)


def test_a_gone_file_is_looked_for_at_the_next_address(server: Publisher, tmp_path: Path) -> None:
    assert fetch(entry(server, "table.csv", path="gone.csv"), tmp_path).read_bytes() == published(server)
    assert server.asked == ["gone.csv", "table.csv"]


@pytest.mark.parametrize("fault", ["500", "503", "429", "truncated", "empty", "slow"])
def test_a_passing_fault_is_tried_again(server: Publisher, tmp_path: Path, fault: str) -> None:
    server.faults["table.csv"] = [fault, ""]
    assert fetch(entry(server), tmp_path, pause=0.01, timeout=0.4).read_bytes() == published(server)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("fault", "told", "attempts"),
    [
        ("404", "HTTP 404", 1),
        ("410", "HTTP 410", 1),
        ("403", "HTTP 403", 1),
        ("500", "HTTP 500", 2),
        ("truncated", "cut short", 2),
        ("empty", "cut short", 2),
        ("slow", "no answer within 0.3 s", 2),
        ("damaged", "does not have the recorded sha256", 1),
        ("moved:301:table.csv", "redirected without end", 1),
    ],
)
def test_a_lasting_fault_names_source_and_address(
    server: Publisher, tmp_path: Path, fault: str, told: str, attempts: int
) -> None:
    server.faults["table.csv"] = [fault]
    digest = hashlib.sha256(published(server)).hexdigest()
    with pytest.raises(EvidenceError) as caught:
        fetch(entry(server), tmp_path, known_hash=digest, pause=0.01, timeout=0.3, attempts=2)
    assert "source worldbank_wdi" in str(caught.value)
    assert server.url("table.csv") in str(caught.value)
    assert told in str(caught.value)
    if not fault.startswith("moved"):
        assert len(server.asked) == attempts
    assert not (tmp_path / "folder" / "table.csv").exists()


def test_no_server_at_all(server: Publisher, tmp_path: Path) -> None:
    dead = entry(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(EvidenceError, match=r"no connection|no answer"):
        fetch(dead, tmp_path, pause=0.01, timeout=0.5, attempts=2)


def test_a_failed_download_leaves_an_older_file_alone(server: Publisher, tmp_path: Path) -> None:
    path = fetch(entry(server), tmp_path)
    before = path.read_bytes()
    server.faults["table.csv"] = ["truncated"]
    with pytest.raises(EvidenceError):
        fetch(entry(server), tmp_path, known_hash="1" * 64, pause=0.01, attempts=2)
    assert path.read_bytes() == before
