"""The formats of tables: what is read as its author meant it, or refused."""
