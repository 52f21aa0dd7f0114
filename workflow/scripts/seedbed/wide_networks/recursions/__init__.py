"""From one layer of an infinitely wide network to the next: rows, networks, and the loops over pairs."""
