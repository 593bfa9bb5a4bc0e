; Entries of object literals whose key is an environment variable's usual name in tables of options.
(object (pair key: (property_identifier) @_key (#any-of? @_key "env" "envVar" "environmentVariable")) @entry)
