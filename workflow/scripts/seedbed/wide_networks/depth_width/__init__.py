"""How far a network of finite width and depth is from its limit, and initial scales that keep signals."""
