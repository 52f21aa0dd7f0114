"""Methods of the study that no library has, and those of networkx behind one interface."""
