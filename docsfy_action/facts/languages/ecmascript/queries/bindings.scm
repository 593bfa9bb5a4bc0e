; Where names get a value.
(variable_declarator) @declared
(assignment_expression) @assigned
(augmented_assignment_expression) @assigned
