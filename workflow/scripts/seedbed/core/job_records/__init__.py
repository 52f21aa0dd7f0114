"""What each kind of job is told: the records that the plan writes and the scripts of the rules read.

One module per stage, since a job is done again when a module changes that its code imports.
"""
