"""What several sections conclude from the records."""
