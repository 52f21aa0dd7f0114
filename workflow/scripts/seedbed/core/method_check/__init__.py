"""A class of a user's own against what its study asks of a method: ``make check-method METHOD=module:Class``."""
