"""Commands of their own: what a config costs, its manual, its registrations."""
