; Every call and every instance.
(call_expression) @call
(new_expression) @new
