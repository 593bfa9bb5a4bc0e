"""Diagrams are compiled to Mermaid text, and read back from nothing but such text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.diagrams import Diagram, Edge, Group, Node, compile_diagram, is_diagram, parse_diagram

DIAGRAM = Diagram(
    direction="LR",
    nodes=(
        Node(id="a.b", label="pkg.mod"),
        Node(id="a_b", label='say "hi" [x] #1'),
        Node(id="end", label="end"),
        Node(id="db", label="PostgreSQL", external=True),
    ),
    edges=(Edge(source="a.b", target="a_b"), Edge(source="a_b", target="db", label="3 queries")),
    groups=(Group(id="g", label="core", members=("a_b", "end")),),
)
TEXT = """\
flowchart LR
    n_a_b["pkg.mod"]
    n_db(["PostgreSQL"])
    subgraph n_group_g["core"]
        n_a_b_2["say #34;hi#34; [x] #35;1"]
        n_end["end"]
    end
    n_a_b --> n_a_b_2
    n_a_b_2 -->|"3 queries"| n_db"""


def test_a_diagram_as_mermaid() -> None:
    """Names are made from ids behind a prefix, labels are quoted, what Mermaid could misread is escaped."""
    assert compile_diagram(DIAGRAM) == TEXT


def test_the_text_is_read_back() -> None:
    """Parsing gives labels, edges, groups and direction again; compiling that gives the same picture."""
    parsed = parse_diagram(TEXT)
    assert parsed is not None
    assert [node.label for node in parsed.nodes] == ["pkg.mod", "PostgreSQL", 'say "hi" [x] #1', "end"]
    assert [node.external for node in parsed.nodes] == [False, True, False, False]
    assert parsed.groups == (Group(id="n_group_g", label="core", members=("n_a_b_2", "n_end")),)
    assert parsed.edges[1] == Edge(source="n_a_b_2", target="n_db", label="3 queries")
    assert parsed.direction == "LR"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "graph TD",
        "flowchart TD",
        "flowchart TD\n    a[x]",
        'flowchart TD\n    a["x"]\n    a["y"]',
        'flowchart TD\n    a["x"]\n    a --> b',
        'flowchart TD\n    a["x"]\n    a --- a',
        'flowchart TD\n    subgraph g["x"]\n    end\n    a["x"]',
        'flowchart TD\n    subgraph g["x"]\n        a["x"]',
        'flowchart TD\n    subgraph g["x"]\n    a["x"]\n    end',
        'flowchart TD\n        a["x"]',
        'flowchart TD\n    a["x"])',
        'flowchart TD\n    a(["x"]',
        'flowchart TD\n    a["x"]\n    click a "javascript:alert(1)"',
        'flowchart TD\n    a["x"]\n    style a fill:#f00',
        'flowchart TD\n    a["<b>x</b>"] --> b["y"]',
    ],
)
def test_nothing_else_is_a_diagram(text: str) -> None:
    """Free Mermaid, links, styles, edges to nowhere and doubled names are refused."""
    assert not is_diagram(text)


def test_a_group_without_nodes_is_left_out() -> None:
    """An empty frame would say nothing."""
    group = Group(id="g", label="none", members=("lost",))
    assert compile_diagram(Diagram(nodes=(Node(id="a", label="a"),), groups=(group,))) == 'flowchart TD\n    n_a["a"]'


def test_an_edge_to_nowhere_is_a_mistake() -> None:
    """The compiler refuses edges whose ends are no nodes."""
    with pytest.raises(ValueError, match="one of them is no node"):
        compile_diagram(Diagram(nodes=(Node(id="a", label="a"),), edges=(Edge(source="a", target="b"),)))


def test_adding_a_node_changes_no_other_line() -> None:
    """Lines of a diagram stay as they are when a node is added in front."""
    more = Diagram(nodes=(Node(id="new", label="new"), *DIAGRAM.nodes), edges=DIAGRAM.edges, groups=DIAGRAM.groups)
    assert set(TEXT.split("\n")[1:]) <= set(compile_diagram(more).split("\n"))


labels = st.text(min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)


@given(st.lists(labels, min_size=1, max_size=6, unique=True), st.data())
def test_any_labels_survive(names: list[str], data: st.DataObject) -> None:
    """Whatever the labels hold, the text is of the checked form and gives the labels back."""
    nodes = tuple(Node(id=name, label=name) for name in names)
    ends = st.sampled_from(names)
    edges = tuple(Edge(source=data.draw(ends), target=data.draw(ends), label=data.draw(labels)) for _ in range(3))
    parsed = parse_diagram(compile_diagram(Diagram(nodes=nodes, edges=edges)))
    assert parsed is not None
    assert [node.label for node in parsed.nodes] == [name.replace("\u200b", "") for name in names]
    assert [edge.label for edge in parsed.edges] == [edge.label.replace("\u200b", "") for edge in edges]
