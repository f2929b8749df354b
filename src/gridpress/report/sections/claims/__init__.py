"""Every claim of the published studies: what its own table says, what this study says, and a verdict."""
