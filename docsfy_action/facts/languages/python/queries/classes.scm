; Classes at any depth, for settings classes.
(class_definition body: (block)) @class
