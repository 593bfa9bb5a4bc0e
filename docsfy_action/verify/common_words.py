"""Words that belong to programming languages or to everyday computing, and to no repository: they claim nothing."""

# Values, types and keywords of the languages that pages quote.
_LANGUAGES = frozenset(
    "True False None true false null nil undefined NaN Infinity self cls this super void never unknown any"
    " Any object Object str int float bool bytes bytearray complex list dict set frozenset tuple type range"
    " slice property memoryview string number boolean bigint symbol array Array Map Set Promise Record Partial"
    " Readonly Function Error error String Number Boolean Integer Float Double Long Symbol Date RegExp Buffer"
    " Uint8Array int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 complex64"
    " complex128 byte rune i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 usize isize char short long double unsigned"
    " signed size_t and or not in is if elif else for while do switch case default break continue return yield"
    " async await def class lambda import from as with try except catch finally raise throw throws pass del"
    " global nonlocal assert match const let var function new delete typeof instanceof keyof infer export"
    " extends implements interface enum namespace module declare readonly static public private protected"
    " abstract override package func chan map make struct defer go goto select fallthrough impl fn mut pub mod"
    " use trait where crate dyn ref unsafe move loop Optional Union List Dict Tuple Set FrozenSet Type"
    " Callable Iterable Iterator Sequence Mapping Generator Awaitable Coroutine Literal Final ClassVar"
    " Annotated TypeVar Generic Protocol NoReturn Self args kwargs".split()
)
_COMPUTING = frozenset(
    "stdin stdout stderr stdlib UTF-8 utf-8 ASCII JSON YAML TOML XML HTML CSS CSV SQL HTTP HTTPS TCP UDP TLS"
    " SSL SSH URL URI UUID API CLI GET POST PUT PATCH DELETE HEAD OPTIONS EOF PATH HOME USER PWD TMPDIR SHELL"
    " LANG root sudo localhost".split()
)
COMMON = _LANGUAGES | _COMPUTING

FILE_EXTENSIONS = frozenset(
    "py pyi pyx pxd ipynb js jsx mjs cjs ts tsx mts cts go rs java kt kts scala swift c h cc cpp hpp cs rb"
    " php lua pl r jl dart ex exs erl hs ml clj sh bash zsh fish ps1 bat cmd html htm css scss sass less vue"
    " svelte astro json jsonc json5 yaml yml toml ini cfg conf env properties xml svg csv tsv sql graphql gql"
    " proto md mdx rst txt adoc lock sum mod mk gradle cmake tf hcl nix png jpg jpeg gif webp ico pdf zip gz"
    " tgz whl tar log pem crt key db sqlite sqlite3 wasm so dll exe tmpl tpl j2 jinja jinja2 ejs hbs patch"
    " diff snap map template example sample dist in typed".split()
)
