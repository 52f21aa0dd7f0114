"""How wide the kernel is: rules, leave-one-out likelihood, expectation maximisation."""
