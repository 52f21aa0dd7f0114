"""What a kernel estimate can be expected to say when log(n) / d is fixed."""
