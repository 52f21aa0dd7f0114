"""The density study: kernel density estimates in many dimensions."""
