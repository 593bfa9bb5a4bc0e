; `something.env`, and what a module called env or process offers by that name.
(member_expression property: (property_identifier) @_name (#eq? @_name "env")) @env
