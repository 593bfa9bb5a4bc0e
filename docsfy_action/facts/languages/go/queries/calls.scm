; Every call, and every composite literal whose type has a package in front.
(call_expression) @call
(composite_literal type: (qualified_type)) @literal
