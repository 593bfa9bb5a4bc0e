"""Synthetic pages for measuring the renderer: a mixture like reference pages, about 11 KB each."""

from docsfy_action.site.model import SitePage, SiteSection, SiteSpec, Stamp

WORDS = (
    "client session request response header timeout retry proxy cookie stream buffer encoder decoder parser token "
    "cache index writer reader socket channel queue worker thread signal handler config option value default path "
    "file folder"
).split()

SECTION_SIZE = 25


def synthetic_spec(count: int, *, edited: int | None = None, renamed: int | None = None) -> SiteSpec:
    """A site of `count` pages; `edited` is the number of a page with a sentence more, `renamed` that of one renamed."""
    numbers = range(1, count)
    pages = [SitePage(slug="index", title="Overview", description="What this is.", markdown=_landing(count))]
    pages += [_page(number, count, edited=number == edited, renamed=number == renamed) for number in numbers]
    sections = tuple(
        SiteSection(
            title=f"Part {start // SECTION_SIZE + 1}",
            slugs=tuple(_slug(number) for number in numbers[start : start + SECTION_SIZE]),
        )
        for start in range(0, count - 1, SECTION_SIZE)
    )
    return SiteSpec(
        name="Synthetic",
        description="Pages made up for measuring.",
        pages=tuple(pages),
        sections=sections,
        site_url="https://example.github.io/synthetic/",
        repo_url="https://github.com/example/synthetic",
        commit="0123456789abcdef0123456789abcdef01234567",
        commit_date="2026-01-01",
    )


def _slug(number: int) -> str:
    return f"{WORDS[number % len(WORDS)]}-{number}"


def _landing(count: int) -> str:
    links = "\n".join(f"-   [{_slug(number)}]({_slug(number)}.md)" for number in range(1, min(count, 30)))
    return f"# Overview\n\nPages made up for measuring.\n\n{links}\n"


def _page(number: int, count: int, *, edited: bool, renamed: bool) -> SitePage:
    title = f"{WORDS[number % len(WORDS)].capitalize()} {number}" + (" (renamed)" if renamed else "")
    parts = [f"# {title}", f"The module `{_slug(number)}` holds what a {WORDS[number % 7]} needs. {_prose(number, 30)}"]
    if edited:
        parts.append("One sentence more.")
    parts.append(
        f"```mermaid\nflowchart LR\n    a[{_slug(number)}] --> b[core]\n    b --> c[{WORDS[number % 11]}]\n```"
    )
    parts += [_function(number, part, count) for part in range(8)]
    return SitePage(
        slug=_slug(number),
        title=title,
        description=f"Reference of {_slug(number)}.",
        markdown="\n\n".join(parts) + "\n",
        stamp=Stamp(
            sha=f"{number:040x}", date="2026-01-01", url=f"https://github.com/example/synthetic/commit/{number:040x}"
        ),
    )


def _function(number: int, part: int, count: int) -> str:
    seed = number * 31 + part
    name = f"{WORDS[seed % len(WORDS)]}_{WORDS[(seed * 7) % len(WORDS)]}_{part}"
    other = (seed * 17) % (count - 1) + 1
    source = f"https://github.com/example/synthetic/blob/{seed:040x}/src/{_slug(number)}.py#L{seed}-L{seed + 20}"
    rows = "\n".join(
        f"| `{WORDS[(seed + row) % len(WORDS)]}` | `int` \\| `None` | `None` | <q>{_prose(seed + row, 8)}</q> |"
        for row in range(4)
    )
    return f"""## `{name}()`

[{_slug(number)}.py]({source})

```python
def {name}({WORDS[seed % 9]}: int | None = None, *, {WORDS[seed % 13 + 9]}: str = "{WORDS[seed % 5]}") -> list[str]:
```

> {_prose(seed, 25)}

{_prose(seed + 1, 30)} See [{_slug(other)}]({_slug(other)}.md) for `{WORDS[seed % 17]}`.

| Parameter | Type | Default | Meaning |
| --- | --- | --- | --- |
{rows}

```python
from synthetic import {name}

for item in {name}({seed}, {WORDS[seed % 13 + 9]}="x"):  # {_prose(seed, 4)}
    print(f"{{item}}: {{len(item)}}")
```"""


def _prose(seed: int, words: int) -> str:
    text = " ".join(WORDS[(seed * 13 + position * (seed % 7 + 3)) % len(WORDS)] for position in range(words))
    return text.capitalize() + "."
