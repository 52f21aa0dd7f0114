"""What is compared, as far as no library has it: the method under test and its peers."""
