"""Facts by (extractor, its version, blob id), so that no blob is read twice."""

import logging
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from docsfy_action.state.blob_cache import BlobCache, portions

logger = logging.getLogger(__name__)
T = TypeVar("T")

FactsKey = tuple[str, int, str]


class FactsStore(Generic[T]):
    """Values of one type (`BlobFacts`) in a `BlobCache`. What does not read back as that type counts as unknown."""

    def __init__(self, cache: BlobCache, kind: type[T]) -> None:
        self._cache = cache
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def get_many(self, keys: Iterable[FactsKey]) -> Mapping[FactsKey, T]:
        """Those that are stored."""
        blobs: dict[str, dict[str, FactsKey]] = {}
        for key in keys:
            extractor, version, blob = key
            blobs.setdefault(f"{extractor}@{version}", {})[blob] = key
        found: dict[FactsKey, T] = {}
        unusable = 0
        for namespace in sorted(blobs):
            wanted = blobs[namespace]
            for some in portions(sorted(wanted)):
                for blob, data in self._cache.get_many(namespace, some).items():
                    try:
                        found[wanted[blob]] = self._adapter.validate_json(data)
                    except ValidationError:
                        unusable += 1
        if unusable:
            self._cache.warnings.append(f"{unusable} stored facts could not be used and are read from the code again.")
        return found

    def put_many(self, items: Mapping[FactsKey, T]) -> None:
        """Store these. Facts with text that is no Unicode are left out and read again each time."""
        data: dict[str, dict[str, bytes]] = {}
        for (extractor, version, blob), facts in items.items():
            try:
                packed = self._adapter.dump_json(facts, exclude_defaults=True)
            except PydanticSerializationError as error:
                logger.debug("facts of %s by %s are not stored: %s", blob, extractor, error)
                continue
            data.setdefault(f"{extractor}@{version}", {})[blob] = packed
        for namespace in sorted(data):
            self._cache.put_many(namespace, data[namespace])
