"""Taking in a person's own images: from files of any usual kind to verified pixels and a declaration."""
