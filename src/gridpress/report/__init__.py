"""Everything that the report shows, computed from the tracked records; `contents` lists it."""
