"""Methods that are programs in other languages: what they are given, how they are run, what they answer."""
