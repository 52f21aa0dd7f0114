"""The config as text and values: files, schema, parameters, grids, the command line."""
