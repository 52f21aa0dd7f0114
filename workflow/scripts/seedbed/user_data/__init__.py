"""The user's own files: tables, feature matrices and image folders, read safely and checked in plain words."""
