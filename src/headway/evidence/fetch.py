"""Downloads: one file of the manifest from its publisher, followed where it moved, checked before it counts."""

from __future__ import annotations

import time
from pathlib import Path

from headway.core.errors import EvidenceError
from headway.evidence.manifest import ManifestFile

TIMEOUT = 60.0  # seconds without an answer
ATTEMPTS = 3
PASSING = {408, 425, 429, 500, 502, 503, 504}  # answers that may be better a moment later


def default_cache() -> Path:
    """The user's cache folder for publishers' files."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("headway", appauthor=False)) / "raw"


def fetch(
    file: ManifestFile,
    folder: Path,
    *,
    known_hash: str | None = None,
    timeout: float = TIMEOUT,
    attempts: int = ATTEMPTS,
    pause: float = 1.0,
) -> Path:
    """Download `file` below `folder` and return its path; redirects are followed, fallback addresses tried in turn.

    Args:
        known_hash: sha256 that the download must have; a file already there with this hash is not downloaded again.
        pause: seconds before the second attempt, doubled before each further one.

    Raises:
        EvidenceError: names source and addresses, and why each failed (HTTP status, cut short, other hash, no answer).
    """
    reasons = []
    for url in (file.url, *file.fallbacks):
        for attempt in range(attempts):
            if attempt:
                time.sleep(pause * 2 ** (attempt - 1))
            reason, passing = _attempt(url, folder / file.path, known_hash, timeout)
            if reason is None:
                return folder / file.path
            if not passing:
                break
        reasons.append(f"{url}: {reason}")
    raise EvidenceError(f"source {file.source}: {file.path} could not be downloaded\n  " + "\n  ".join(reasons))


def _attempt(url: str, target: Path, known_hash: str | None, timeout: float) -> tuple[str | None, bool]:
    """One download; returns why it failed (None: it did not), and whether another attempt may help."""
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{known_hash}" if known_hash else None,
            fname=target.name,
            path=target.parent,
            downloader=_Downloader(timeout),
        )
    except requests.HTTPError as error:
        answer = error.response
        status = answer.status_code if answer is not None else 0
        return f"HTTP {status} {answer.reason if answer is not None else ''}".rstrip(), status in PASSING
    except requests.Timeout:
        return f"no answer within {timeout:g} s", True
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        return "the download was cut short", True
    except requests.TooManyRedirects:
        return "redirected without end", False
    except requests.ConnectionError as error:
        return f"no connection ({type(error.args[0]).__name__ if error.args else 'unknown'})", True
    except requests.RequestException as error:
        return str(error), False
    except ValueError:  # pooch's word for a hash that differs
        return f"the download does not have the recorded sha256 {known_hash}: a new vintage, or a damaged file", False
    return None, False


class _Downloader:
    """pooch's HTTP downloader, which also refuses an empty answer."""

    def __init__(self, timeout: float) -> None:
        import pooch

        self._http = pooch.HTTPDownloader(timeout=timeout, headers={"User-Agent": "headway-evidence"})

    def __call__(self, url: str, output_file: str, pooch: object, **options: object) -> None:
        import requests

        self._http(url, output_file, pooch)
        if Path(output_file).stat().st_size == 0:
            raise requests.exceptions.ChunkedEncodingError("empty answer")
