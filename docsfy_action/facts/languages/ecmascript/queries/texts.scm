; Texts of several lines.
(template_string) @text
