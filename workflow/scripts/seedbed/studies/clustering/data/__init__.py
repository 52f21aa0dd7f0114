"""Where the data of the study come from."""
