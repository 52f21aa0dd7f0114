"""Methods of others that no Python library has."""
