"""What Git leaves when two branches have changed the same results: found before anything reads it, and put right."""
