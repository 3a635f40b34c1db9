"""Decides when files are hashed: aside, while they are read; whoever asks for a hash waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.versions import known


class Hashes(Mapping[str, str]):
    """Shown name → SHA-256 of each file that is there."""

    def __init__(self, files: Sequence[tuple[Path, str]]) -> None:
        pool = ThreadPoolExecutor(1)
        self._found = {name: pool.submit(known.hash_of, path) for path, name in files if path.is_file()}
        pool.shutdown(wait=False)

    def __getitem__(self, name: str) -> str:
        return self._found[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
