"""Files that would run code if they were read as pickles: wherever Headway looks for its own, nothing of them runs."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from headway.core.errors import InputError, ModelError
from headway.ensemble.compiled import compiled


class Bomb:
    """Makes a file when it is read as a pickle."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.mark,)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file that would be there if anything had run."""
    return tmp_path / "it ran"


@pytest.fixture
def bomb(mark: Path) -> bytes:
    content = pickle.dumps(Bomb(mark))
    pickle.loads(content)
    assert mark.exists(), "the bomb works"
    mark.unlink()
    return content


def arrays_of(file: Path, mark: Path) -> None:
    """An archive with an array of objects, which NumPy keeps as a pickle, under the name of every array in it."""
    with np.load(file) as archive:
        names = archive.files
    with file.open("wb") as out:
        np.savez(out, **{name: np.array([Bomb(mark)], dtype=object) for name in names})


def plant(file: Path, bomb: bytes, mark: Path, way: str) -> None:
    """Put the bomb where a file of Headway's lies."""
    if way == "archive":
        arrays_of(file, mark)
    else:
        file.write_bytes(bomb)


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


WAYS = pytest.mark.parametrize("way", ["plain", "archive"])


def test_briefs(kept_folder: Path, bomb: bytes, mark: Path) -> None:
    from headway.brief.compose import Brief, compose, composed_once
    from headway.evidence import open_evidence
    from headway.findings import Context

    times = []

    def made(context: Context) -> Brief:
        times.append(1)
        return compose(context, ())

    context = Context(open_evidence(), "USA")
    first = composed_once(context, made)
    only(kept_folder / "briefs").write_bytes(bomb)
    assert composed_once(context, made) == composed_once(context, made) == first
    assert len(times) == 2, "made again once, then kept"
    assert not mark.exists()


def test_compiled_functions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bomb: bytes, mark: Path) -> None:
    monkeypatch.setattr("headway.core.cache.cache_folder", lambda name: tmp_path / "cache" / name)

    def double(x: np.ndarray) -> dict[str, np.ndarray]:
        return {"twice": 2 * x}

    assert compiled()(double)(np.float32(2))["twice"] == 4
    file = only(tmp_path / "cache" / "compiled")
    file.write_bytes(bomb)
    assert compiled()(double)(np.float32(3))["twice"] == 6
    assert not mark.exists()
    assert only(file.parent).stat().st_size > len(bomb), "it was compiled and kept anew"


@WAYS
def test_drawn_indexes(kept_folder: Path, bomb: bytes, mark: Path, way: str) -> None:
    from headway.evidence import open_evidence
    from headway.standing import view

    evidence = open_evidence()
    first = view._compute(evidence, "scale", None, ("planted",))
    plant(only(kept_folder / "standing"), bomb, mark, way)
    again = view._compute(evidence, "scale", None, ("planted",))
    np.testing.assert_array_equal(again.stats[again.root].median, first.stats[first.root].median)
    assert not mark.exists()


@WAYS
def test_checkpoints(tmp_path: Path, bomb: bytes, mark: Path, way: str) -> None:
    import numpyro
    import numpyro.distributions as dist

    from headway.inference.sampling import SamplingPlan, sample

    def model(data: float) -> None:
        numpyro.sample("seen", dist.Normal(numpyro.sample("centre", dist.Normal(0.0, 1.0)), 1.0), obs=data)

    plan, file = SamplingPlan(chains=2, warmup=20, draws=20, chunk=20), tmp_path / "fit.checkpoint"
    sample(model, 1.0, plan, checkpoint=file, key="a")
    plant(file, bomb, mark, way)
    with pytest.raises(ModelError, match="cannot be read"):
        sample(model, 1.0, plan, checkpoint=file, key="a")
    assert not mark.exists()


def test_outcomes_of_strategies(tmp_path: Path, bomb: bytes, mark: Path) -> None:
    from headway.strategy.run import open_store

    open_store((1, 1, 1), {}, "key", tmp_path)
    for content in (bomb, None):
        file = tmp_path / "key" / "outcomes.npy"
        if content is None:
            np.save(file, np.array([Bomb(mark)], dtype=object), allow_pickle=True)
        else:
            file.write_bytes(content)
        with pytest.raises(InputError, match=r"outcomes\.npy"):
            open_store((1, 1, 1), {}, "key", tmp_path)
    assert not mark.exists()


@pytest.mark.parametrize("change", [{"filters": [{"id": "pickle"}]}, {"compressor": {"id": "pickle"}}, {"dtype": "|O"}])
def test_runs_on_disk(tmp_path: Path, bomb: bytes, mark: Path, change: dict[str, object]) -> None:
    """Zarr reads pickles where the facts of an array say so; the facts lie beside the numbers."""
    from headway.ensemble.export import stream
    from headway.ensemble.question import ask
    from headway.evidence import open_evidence

    path = tmp_path / "run.zarr"
    ensemble = ask(open_evidence(), focal=["USA"], series=("sovereign",), until="2031", posterior=None)
    stream(ensemble, path, 10)
    facts = json.loads((path / "status" / ".zarray").read_text())
    (path / "status" / ".zarray").write_text(json.dumps({**facts, "compressor": None, **change}))
    (path / "status" / "0").write_bytes(bomb)
    with pytest.raises(InputError, match="status"):
        stream(ensemble, path, 20)
    assert not mark.exists()


def test_the_script_of_the_explorer(monkeypatch: pytest.MonkeyPatch, kept_folder: Path) -> None:
    """A script that others can write would run in the browser of every reader."""
    from headway.explorer.pages import bundle

    monkeypatch.setattr("vl_convert.javascript_bundle", lambda snippet: "ours")
    assert bundle.__wrapped__() == b"ours"
    file = only(kept_folder / "scripts")
    file.write_text("theirs")
    file.chmod(0o666)
    assert bundle.__wrapped__() == b"ours"
