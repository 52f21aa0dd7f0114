"""Learning rates and initial scales that carry over from narrow to wide networks."""
