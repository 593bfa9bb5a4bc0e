; Struct types with at least one tagged field.
(struct_type (field_declaration_list (field_declaration tag: (_)))) @struct
