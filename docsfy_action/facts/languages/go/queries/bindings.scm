; Where names get a value: constants, variables, short declarations, assignments, loops.
(const_spec) @const
(var_spec) @var
(short_var_declaration) @short
(assignment_statement) @assign
(range_clause) @range
