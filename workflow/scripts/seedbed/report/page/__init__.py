"""The HTML page: its templates, its style and script, and what goes into them."""
