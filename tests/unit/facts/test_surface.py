"""What users of a package may rely on, and under which module they look for it."""

from docsfy_action.facts.model import BlobFacts, Import, Role, SourceFile, Span, Symbol, SymbolKind
from docsfy_action.facts.modules import Module, ModuleTable
from docsfy_action.facts.surface import Surface, is_type
from tests.unit.samples import code_base


def surface(texts: dict[str, str]) -> Surface:
    """The surface of a sample."""
    return code_base(texts).surface


def offered(texts: dict[str, str]) -> dict[str, list[str]]:
    """Names of the public definitions by module."""
    return {module: [member.name for member in members] for module, members in surface(texts).members.items()}


def looked_up(texts: dict[str, str], path: str, name: str) -> str:
    """`path#name` of what a name used in `path` stands for, empty for nothing."""
    found = surface(texts).lookup(path, name)
    return f"{found.path}#{found.item.name}" if found else ""


def test_python_names_without_underscore_are_public() -> None:
    """Without `__all__` the underscore decides, for members of a class as well."""
    texts = {"m.py": "class A:\n    def go(self): ...\n    def _stay(self): ...\n\ndef _helper(): ...\nX = 1\n"}
    found = surface(texts).members["m"]
    assert [(member.name, [c.item.name for c in member.children]) for member in found] == [("A", ["A.go"]), ("X", [])]
    assert [member.weight for member in found] == [2, 1]


def test_dunder_all_decides_what_is_public() -> None:
    """A list in `__all__` wins over underscores, both ways."""
    assert offered({"m.py": '__all__ = ["_told"]\n\ndef _told(): ...\n\ndef untold(): ...\n'}) == {"m": ["_told"]}


def test_what_a_package_reexports_is_documented_once_and_there() -> None:
    """Users import from the package: the defining module does not list the name again."""
    texts = {
        "p/__init__.py": "from .core import Client, _hidden\nfrom .other import gone\nimport json\n",
        "p/core.py": "class Client: ...\n\ndef _hidden(): ...\n\ndef more(): ...\n",
        "p/other.py": "",
    }
    assert offered(texts) == {"p": ["Client"], "p.core": ["more"]}


def test_a_reexport_that_dunder_all_leaves_out_stays_where_it_is_defined() -> None:
    """`__all__` of a package decides about imported names too."""
    texts = {
        "p/__init__.py": 'from .core import a, b\n\n__all__ = ["a"]\n',
        "p/core.py": "def a(): ...\n\ndef b(): ...\n",
    }
    assert offered(texts) == {"p": ["a"], "p.core": ["b"]}


def test_a_module_that_only_imports_offers_nothing() -> None:
    """What a plain module imports for its own use is not its users' business."""
    assert offered({"a.py": "from b import thing\n", "b.py": "def thing(): ...\n"}) == {"b": ["thing"]}


def test_star_imports_bring_what_the_other_module_offers() -> None:
    """`*` takes `__all__` of the module where it has one, else its public names, and respects the taker's list."""
    texts = {
        "p/__init__.py": "from .listed import *\nfrom .free import *\n",
        "p/listed.py": '__all__ = ["a", "missing"]\n\ndef a(): ...\n\ndef b(): ...\n',
        "p/free.py": "def c(): ...\n\ndef _d(): ...\n",
    }
    assert offered(texts) == {"p": ["c", "a"]}
    chosen = {**texts, "p/__init__.py": 'from .free import *\n\n__all__ = ["other"]\n'}
    assert offered(chosen) == {"p.free": ["c"], "p.listed": ["a"]}


def test_reexports_through_several_modules_are_followed() -> None:
    """A name may pass through as many packages as people build, and circles end."""
    texts = {
        "p/__init__.py": "from .a import Thing\nfrom .a import nowhere\n",
        "p/a.py": "from .b import *\n",
        "p/b.py": "from .c import Thing\nfrom .a import nowhere\n",
        "p/c.py": "class Thing: ...\n",
    }
    assert offered(texts) == {"p": ["Thing"]}


def test_a_name_is_looked_for_in_every_module_it_may_come_from() -> None:
    """Of several star imports, the one that has the name is found, wherever it stands."""
    texts = {
        "p/__init__.py": "from .hub import thing\n",
        "p/hub.py": "from os import *\nfrom .empty import *\nfrom .full import *\n",
        "p/empty.py": "",
        "p/full.py": "def thing(): ...\n",
    }
    assert offered(texts) == {"p": ["thing"]}


def test_private_modules_offer_nothing_of_their_own() -> None:
    """What a module with a leading underscore defines is public only through a re-export."""
    texts = {"p/__init__.py": "from ._core import A\n", "p/_core.py": "class A: ...\n\nclass B: ...\n"}
    assert offered(texts) == {"p": ["A"]}


def test_go_offers_capitalised_names_of_public_packages() -> None:
    """Every file of the package counts; methods are children of their type, and commands are not for importing."""
    texts = {
        "go.mod": "module x.y/t\n",
        "a.go": "package t\n\ntype Client struct{}\n\nfunc (c *Client) Get() {}\n\nfunc hidden() {}\n",
        "b.go": "package t\n\nfunc Open() {}\n",
        "cmd/t/main.go": "package main\n\nfunc Main() {}\n",
    }
    assert offered(texts) == {"x.y/t": ["Client", "Open"]}
    assert [c.item.name for c in surface(texts).members["x.y/t"][0].children] == ["Client.Get"]


def test_a_script_package_offers_what_its_entry_files_export() -> None:
    """`exports` and `main` name built files; the sources behind them are found, and nothing else is public."""
    texts = {
        "package.json": '{"name": "lib", "main": "./dist/index.js"}',
        "src/index.ts": 'export * from "./client";\nexport { helper } from "./util";\nimport { late } from "./late";\n'
        "export { late };\nexport function own() {}\nfunction inner() {}\n",
        "src/client.ts": "export class Client {}\n",
        "src/util.ts": "export function helper() {}\nexport function inner() {}\nfunction mine() {}\n",
        "src/late.ts": "export function late() {}\n",
    }
    assert offered(texts) == {"src/index": ["Client", "own", "late", "helper"]}


def test_script_entries_that_cannot_be_told_leave_every_module_public() -> None:
    """Without entry files, or with ones that are built from nowhere we see, every file counts."""
    texts = {"package.json": '{"name": "lib", "main": "./build/gone.js"}', "src/a.ts": "export const A = 1;\n"}
    assert offered(texts) == {"src/a": ["A"]}
    assert surface(texts).script_entries == {}
    assert offered({"a.js": "export const B = 1;\n"}) == {"a": ["B"]}


def test_script_entries_are_looked_for_beside_the_manifest() -> None:
    """In a workspace each package's entries lie below its own folder; a declaration file stands for its source."""
    texts = {
        "packages/one/package.json": '{"name": "one", "types": "lib/main.d.ts", "main": "entry.js"}',
        "packages/one/src/main.ts": "export const A = 1;\n",
        "packages/one/entry.ts": "export const B = 1;\n",
    }
    assert surface(texts).script_entries == {"one": frozenset({"packages/one/src/main.ts", "packages/one/entry.ts"})}


def test_exports_in_a_circle_end() -> None:
    """Two files that export everything of each other are read once each way."""
    texts = {
        "a.ts": 'export * from "./b";\nexport const A = 1;\n',
        "b.ts": 'export * from "./a";\nexport const B = 1;\n',
    }
    assert offered(texts) == {"a": ["A", "B"]}


def test_homes_lead_from_a_definition_to_its_page_entry() -> None:
    """Methods are documented under their owner."""
    homes = surface({"m.py": "class A:\n    def go(self): ...\n"}).homes
    assert homes[("m.py", "A.go")].name == "A"


PYTHON = {
    "p/__init__.py": "from .core import Base\n",
    "p/core.py": "class Base:\n    class Inner: ...\n",
    "p/use.py": "import p.core\nfrom .core import Base\nfrom os import path\n\nclass Here(Base): ...\n",
    "p/star.py": "from .core import *\n",
}


def test_lookup_finds_names_where_they_are_used() -> None:
    """Local definitions, imported names, names of imported modules, generics and pointers all lead home."""
    assert looked_up(PYTHON, "p/use.py", "Here") == "p/use.py#Here"
    assert looked_up(PYTHON, "p/use.py", "Base[int]") == "p/core.py#Base"
    assert looked_up(PYTHON, "p/use.py", "'Base'") == "p/core.py#Base"
    assert looked_up(PYTHON, "p/use.py", "Base.Inner") == "p/core.py#Base.Inner"
    assert looked_up(PYTHON, "p/use.py", "core.Base") == "p/core.py#Base"
    assert looked_up(PYTHON, "p/star.py", "Base") == "p/core.py#Base"


def test_lookup_of_what_is_not_here_finds_nothing() -> None:
    """Names of other packages, unknown names and files that are no modules lead nowhere."""
    assert looked_up(PYTHON, "p/use.py", "path.join") == ""
    assert looked_up(PYTHON, "p/use.py", "Missing") == ""
    assert looked_up(PYTHON, "p/star.py", "Nope") == ""
    assert looked_up(PYTHON, "README.md", "Base") == ""


def test_lookup_in_go_goes_through_the_package_name() -> None:
    """A bare name is in the same package, `paper.Page` in the imported one."""
    texts = {
        "go.mod": "module x.y/t\n",
        "a.go": 'package t\n\nimport "fmt"\nimport "x.y/t/paper"\n\ntype A struct{}\n',
        "b.go": "package t\n\ntype B struct{}\n",
        "paper/paper.go": "package paper\n\ntype Page struct{}\n",
    }
    assert looked_up(texts, "a.go", "*B") == "b.go#B"
    assert looked_up(texts, "a.go", "paper.Page") == "paper/paper.go#Page"
    assert looked_up(texts, "a.go", "paper.None") == ""
    assert looked_up(texts, "a.go", "fmt.Stringer") == ""
    assert looked_up(texts, "a.go", "C") == ""


def script_file(path: str, *names: str, imports: tuple[Import, ...] = ()) -> SourceFile:
    """A script that defines and exports these names."""
    symbols = tuple(
        Symbol(name=name, kind=SymbolKind.FUNCTION, span=Span(start=1, end=1), signature=f"function {name}()")
        for name in names
    )
    facts = BlobFacts(symbols=symbols, imports=imports)
    return SourceFile(path=path, blob="", language="typescript", role=Role.SOURCE, facts=facts)


def chain(length: int) -> Surface:
    """Scripts that each re-export everything of the next; the last one defines `end`."""
    files, modules = {}, []
    for number in range(length):
        path = f"m{number:02}.ts"
        last = number == length - 1
        imports = () if last else (Import(module=f"./m{number + 1:02}", line=1, names=("*",), reexport=True),)
        files[path] = script_file(path, *(("end",) if last else ()), imports=imports)
        modules.append(Module(name=path[:-3], language="typescript", files=(path,), package="", public=number == 0))
    return Surface(files=files, table=ModuleTable(modules=tuple(modules), go_roots={}))


def test_reexports_are_followed_however_long_the_chain() -> None:
    """Of several definitions of a name the nearest wins, and a chain has no end but its own."""
    assert [member.name for member in chain(30).members["m00"]] == ["end"]
    first = chain(30).table.by_name["m00"]
    assert chain(30).resolve_export(first, "other") is None
    texts = {
        "a.ts": 'export * from "./b";\nexport * from "./c";\n',
        "b.ts": 'export * from "./d";\n',
        "c.ts": "export function go() {}\n",
        "d.ts": "export function go() {}\n",
        "package.json": '{"name": "t", "main": "a.ts"}',
    }
    near = surface(texts)
    found = near.resolve_export(near.table.by_name["a"], "go")
    assert found is not None
    assert found.path == "c.ts"
    assert near.resolve_export(near.table.by_name["a"], "go") is found


def test_private_packages_of_a_workspace_are_no_interface() -> None:
    """Nobody can import a package that is never published, where another of the repository is."""
    texts = {
        "package.json": '{"name": "root", "private": true, "workspaces": ["packages/*"]}',
        "packages/lib/package.json": '{"name": "lib"}',
        "packages/lib/a.ts": "export const A = 1;\n",
        "packages/site/package.json": '{"name": "site", "private": true}',
        "packages/site/b.ts": "export const B = 1;\n",
    }
    assert offered(texts) == {"packages/lib/a": ["A"]}


def test_renamed_exports_are_offered_by_their_new_name() -> None:
    """`export { a as b }` is `b` to users, whether it passes through or was imported before."""
    texts = {
        "package.json": '{"name": "t", "main": "index.ts"}',
        "index.ts": 'export { inner as outer } from "./a";\nimport { other as mine } from "./a";\nexport { mine };\n',
        "a.ts": "export function inner() {}\nexport function other() {}\n",
    }
    assert offered(texts) == {"index": ["outer", "mine"]}


def test_other_languages_offer_nothing() -> None:
    """A module of a language without rules has no public surface, rather than an error."""
    file = SourceFile(path="a.rb", blob="", language="ruby", role=Role.SOURCE, facts=script_file("a.rb", "x").facts)
    table = ModuleTable(
        modules=(Module(name="a", language="ruby", files=("a.rb",), package="", public=True),), go_roots={}
    )
    assert Surface(files={"a.rb": file}, table=table).members == {}


def test_scripts_without_a_name_for_their_package_restrict_nothing() -> None:
    """A manifest that has no name, or is none of npm's, says nothing about what a script package exports."""
    texts = {
        "package.json": '{"main": "./a.js"}',
        "go.mod": "module x.y/z\n",
        "a.js": "",
        "b.js": "export const B = 1;\n",
    }
    assert surface(texts).script_entries == {}
    assert offered(texts) == {"b": ["B"]}


def test_names_that_are_exported_but_not_found_are_left_out() -> None:
    """A re-export of something that the other file does not define documents nothing."""
    texts = {"a.ts": 'export { ghost } from "./b";\nimport fs from "fs";\n', "b.ts": "export const B = 1;\n"}
    assert offered(texts) == {"b": ["B"]}


def test_types_are_told_from_functions() -> None:
    """Classes, structs, interfaces, enumerations and aliases are types."""
    kinds = {
        kind for kind in SymbolKind if is_type(Symbol(name="x", kind=kind, span=Span(start=1, end=1), signature="x"))
    }
    assert kinds == {SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.TYPE}
