; Calls and decorated functions: the raw material of command lines and of environment variables read through a function.
(call function: [(identifier) (attribute) (call)]) @call
(decorated_definition definition: (function_definition)) @decorated
