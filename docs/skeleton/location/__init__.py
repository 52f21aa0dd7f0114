"""A study to copy: where is the centre of a sample when some of it is wrong?"""
