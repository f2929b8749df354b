"""Where every number comes from, and the commands that compute it again."""
