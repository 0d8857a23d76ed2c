"""Pages of the training, one module a subject."""
