; Texts of several lines.
(raw_string_literal) @text
