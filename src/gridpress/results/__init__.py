"""What records say: whether they can be right, what validation selects, what is condensed from them."""
