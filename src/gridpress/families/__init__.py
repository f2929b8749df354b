"""What the rest must know of a kind of classifier: one object each."""
