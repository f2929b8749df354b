"""What Git leaves where two branches changed the same results: found before it is read, and put right."""
