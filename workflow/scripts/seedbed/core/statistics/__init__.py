"""Intervals and tests of means, shares and medians; what they err by."""
