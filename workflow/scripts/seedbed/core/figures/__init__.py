"""What figures of studies get, and parts that they share."""
