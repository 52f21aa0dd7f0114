"""The answer: a chosen method, fitted to all rows of a user's table; labels, a model to load, and a page."""
