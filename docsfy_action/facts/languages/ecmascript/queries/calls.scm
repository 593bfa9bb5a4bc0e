; Every call.
(call_expression) @call
