; Every shape in which an environment variable can be read. What the names stand for is decided in environment.py.
(subscript value: [(identifier) (attribute)]) @subscript
(comparison_operator operators: ["in" "not in"]) @membership
