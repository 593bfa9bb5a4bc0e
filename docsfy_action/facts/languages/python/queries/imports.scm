; Import statements at any depth: module level, functions, `if TYPE_CHECKING`, `try`.
(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
