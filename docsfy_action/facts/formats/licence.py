"""Licence files: which well-known licence the text is, told by sentences that only this licence has."""

import re

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.text import one_line, reader
from docsfy_action.facts.model import BlobFacts, Licence

_FILE = re.compile(
    r"(?:^|/)(?:(?:mit|bsd|apache|gpl|lgpl|mpl|isc)[-_.])?(?:un)?(?:licen[cs]e|licencing|licensing|copying)s?"
    r"(?:[-_.][\w-]+)*?(?:\.(?:txt|md|markdown|rst|mit|bsd|isc|mpl|apache[\d.-]*|a?l?gpl[v\d.]*|lesser|unlicense))?$",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"(?:^|/)LICENSES/[\w.+-]+\.txt$")
_NOT = re.compile(r"third|3rd|header|template|\.(?:py|js|ts|go|rs|rb|json|ya?ml|html|java|cs|sh|in)$", re.IGNORECASE)

# The earliest of these sentences decides: longer files add the licences of what they include after their own.
_SENTENCES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (spdx, re.compile(pattern))
    for spdx, pattern in (
        ("AGPL-3.0", r"gnu affero general public license,? version 3"),
        ("LGPL-3.0", r"gnu lesser general public license,? version 3"),
        ("LGPL-2.1", r"gnu lesser general public license,? version 2\.1"),
        ("LGPL-2.0", r"gnu library general public license,? version 2"),
        ("GPL-3.0", r"gnu general public license,? version 3"),
        ("GPL-2.0", r"gnu general public license,? version 2"),
        ("Apache-2.0", r"apache license,? version 2\.0"),
        ("MPL-2.0", r"mozilla public license,? version 2\.0"),
        ("EPL-2.0", r"eclipse public license - v 2\.0"),
        ("BSL-1.0", r"boost software license - version 1\.0"),
        ("BUSL-1.1", r"business source license 1\.1"),
        ("CC0-1.0", r"cc0 1\.0 universal"),
        ("Unlicense", r"this is free and unencumbered software released into the public domain"),
        ("BSD", r"redistribution and use in source and binary forms,? with or without modification,? are permitted"),
        ("MIT", r"permission is hereby granted,? free of charge,? to any person obtaining a copy of this software and"),
        ("ISC", r"permission to use,? copy,? modify,? (?:and/or|and) distribute this software for any purpose with or"),
        ("Zlib", r"permission is granted to anyone to use this software for any purpose,? including commercial"),
    )
)
_MARKS = re.compile(r"[*_#>`\"'“”‘’]+|^[ \t]*(?://|;)+", re.MULTILINE)
# Conditions put on top make it another licence than the one whose words it borrows.
_ALTERED = ("commons clause", "commons-clause", "additional use grant: none of the above")


def _read(text: str) -> BlobFacts:
    line, title = next(
        ((number, said) for number, raw in enumerate(text.split("\n"), start=1) if (said := raw.strip(" \t#=-*_/"))),
        (1, ""),
    )
    if not title:
        return BlobFacts()
    return BlobFacts(licences=(Licence(spdx=spdx_of(text), title=one_line(title), line=line),))


def spdx_of(text: str) -> str:
    """The SPDX id of a licence text, empty where it is none of the well-known ones."""
    said = " ".join(_MARKS.sub("", text[:60_000]).lower().split())
    found = [(match.start(), spdx) for spdx, sentence in _SENTENCES if (match := sentence.search(said))]
    if not found or any(mark in said for mark in _ALTERED):
        return ""
    start, spdx = min(found)
    rest = said[start : start + 4_000]
    match spdx:
        case "BSD":
            return _bsd(rest)
        case "MIT" if "the above copyright notice and this permission notice" not in rest[:700]:
            return "MIT-0"
        case "ISC" if "provided that the above copyright notice" not in rest[:300]:
            return "0BSD"
        case "Apache-2.0" if "llvm exceptions to the apache" in said:
            return "Apache-2.0 WITH LLVM-exception"
    return spdx


def _bsd(text: str) -> str:
    if "must display the following acknowledg" in text:
        return "BSD-4-Clause"
    if re.search(r"neither the names? of|(?:may|shall) not be used to endorse or promote", text):
        return "BSD-3-Clause"
    return "BSD-2-Clause"


def is_licence_file(path: str) -> bool:
    """Whether the path is that of a licence file, which no other format should read."""
    if not any(word in path.lower() for word in ("licen", "copying")):
        return False
    return (_FILE.search(path) is not None or _FOLDER.search(path) is not None) and _NOT.search(path) is None


EXTRACTORS = (Extractor(name="licence", version=1, claims=is_licence_file, extract=reader(_read)),)
