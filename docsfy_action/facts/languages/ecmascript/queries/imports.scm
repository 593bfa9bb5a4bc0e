; Calls that load a module by name.
(call_expression function: (identifier) @_name (#eq? @_name "require")) @call
(call_expression function: (import)) @call
