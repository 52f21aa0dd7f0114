"""Generators: guided digits and mixtures, points, fields, manifolds; and the laws that their arrays describe."""
