"""The records of a study as the report sees them: objects and data frames."""
