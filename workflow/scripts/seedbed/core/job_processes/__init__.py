"""The process of a job: servers that it is forked from, where it imports from, what it prints."""
