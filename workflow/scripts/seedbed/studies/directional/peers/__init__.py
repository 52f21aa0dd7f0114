"""Methods of others that the study compares with."""
