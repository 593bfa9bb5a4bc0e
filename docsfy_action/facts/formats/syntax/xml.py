"""XML with line numbers, for project files of Maven and .NET: elements with their attributes, text and children."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from docsfy_action.facts.formats.syntax.text import MAX_DEPTH, MAX_NODES, Unreadable, one_line

# Taken off before parsing: the encoding it names no longer holds, because the text was decoded already.
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def _line_ends(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


@dataclass(slots=True, kw_only=True)
class Element:
    """An element; `name` without its namespace prefix."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.name)

    @property
    def text(self) -> str:
        """What stands between the tags, children aside, as one line."""
        return one_line("".join(self.pieces))

    def child(self, *names: str) -> "Element":
        """The first child of that name, and its child, and so on; an empty element where there is none."""
        here = self
        for name in names:
            here = next((child for child in here.children if child.name == name), Element(name="", line=0))
        return here

    def walk(self) -> Iterator["Element"]:
        """The element and all below it in the document's order."""
        stack = [self]
        while stack:
            here = stack.pop()
            yield here
            stack.extend(reversed(here.children))


class _Handler(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.document = Element(name="", line=0)
        self._open = [self.document]
        self._count = 0
        self._locator = Locator()

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the name is given by xml.sax
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name is given by xml.sax
        element = Element(
            name=name.rpartition(":")[2], line=self._locator.getLineNumber() or 1, attributes=dict(attrs.items())
        )
        self._count += 1
        if self._count > MAX_NODES or len(self._open) > MAX_DEPTH:
            raise SAXException("nested too deeply or too long to be read")
        self._open[-1].children.append(element)
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802 - the signature is given by xml.sax
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].pieces.append(content)


def parse_xml(text: str) -> Element:
    """The root element. Document types, entities and anything external are refused. Raises `Unreadable`."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    handler = _Handler()
    try:
        parseString(_DECLARATION.sub(_line_ends, text, count=1).encode(), handler, forbid_dtd=True)
    except DefusedXmlException as problem:
        raise Unreadable("XML with a document type or entities is not read") from problem
    except SAXException as problem:
        raise Unreadable(f"not XML: {problem.getMessage()}") from problem
    return handler.document.children[0]
