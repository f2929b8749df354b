"""How a network gets from its name to its first weights. Everything here decides the results of every run."""
